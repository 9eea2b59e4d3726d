"""Foundation: pure functions on small frozen records. No Django, files, network, clock or logging."""
