"""How a face is laid into a picture: one module a kind."""
