"""Doors: bytes or a protocol become core records or Problems. No Django."""
