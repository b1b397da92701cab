"""Questions to a film, answered face by face: one module a kind.

Each has `make(**options)`, which gives a function from a `Moment` to numbers by name; where there
is no ground for a number it is left out, or not a number.
"""
