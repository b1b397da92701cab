"""How generators learn: faces, augmentation, schedule, precision, state and the loop."""
