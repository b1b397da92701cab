"""A declarative laboratory for face swapping."""
