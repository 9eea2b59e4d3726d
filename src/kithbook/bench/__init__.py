"""Reproducible measurements behind `kith bench`."""
