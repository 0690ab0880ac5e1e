"""Rasa without TensorFlow, for the tests of shells around it."""

from bot import rasa_fixes

rasa_fixes.before_rasa()
