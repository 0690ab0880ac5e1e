"""Rasa NLU components: each a shell around a plain function of this room."""
