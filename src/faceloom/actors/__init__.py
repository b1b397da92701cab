"""Rendered people: geometry, motion, light and labels as arrays; Blender runs beside us.

Lengths are decimetres, x to the person's left (the picture's right), y up, z towards the camera.
"""
