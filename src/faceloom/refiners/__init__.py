"""Last touches on swapped faces: one module a kind."""
