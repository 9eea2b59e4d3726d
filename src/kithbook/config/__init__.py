"""Roof: settings, urls, server wiring."""
