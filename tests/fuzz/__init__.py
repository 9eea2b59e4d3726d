"""Fuzzing of every parser: `make fuzz` (N=300 inputs each); what was found once is replayed by the ordinary tests."""
