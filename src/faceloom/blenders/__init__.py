"""How a face is laid into a picture: one module a kind."""

AROUND = 0.3
"""How much of the frame a blender is shown around a crop, in shares of the crop's side."""
