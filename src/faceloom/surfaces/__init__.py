"""A face as a surface: triangles to pixels, and a texture laid flat."""
