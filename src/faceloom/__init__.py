"""A declarative laboratory for face swapping."""

__version__ = "0.1.0"
