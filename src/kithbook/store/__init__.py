"""Cellar: one Django app with the models. No rules live here."""
