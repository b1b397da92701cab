"""What generator and discriminator each want: one file per kind, `make(**options) -> Objective`."""
