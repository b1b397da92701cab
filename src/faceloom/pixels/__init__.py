"""Pictures of faces: colour, masks, seams, sharpness. Numpy and OpenCV, RGB outside."""
