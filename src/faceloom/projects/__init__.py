"""A project: where it is, what is in it, what Snakemake and DVC know of it."""

from .place import link, weights_sheet

__all__ = ["link", "weights_sheet"]
