"""Points, boxes and motions of faces: numpy in, numpy out."""
