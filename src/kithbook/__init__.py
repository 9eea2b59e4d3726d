"""Kithbook, a relationship ledger: where to invest relationship time before you need anybody."""

__version__ = "0.1.0"
