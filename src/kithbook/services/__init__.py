"""Hall: one module a noun, one function a verb; the only writer."""
