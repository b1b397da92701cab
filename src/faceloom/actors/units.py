"""The 52 expression units by Apple's ARKit names; left and right are the person's own."""

from faceloom.rows.acted import UNITS

__all__ = ["UNITS"]
