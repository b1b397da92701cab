"""Who looks at codes, not at faces: one file per kind, `make(**options) -> Critic`."""
