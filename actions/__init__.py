"""Rasa's action server: actions read orders and knowledge, and return words and commands; they write nothing."""
