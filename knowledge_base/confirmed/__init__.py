"""Confirmed questions: what customers asked, with the article that a tap or an agent's answer showed to be right."""
