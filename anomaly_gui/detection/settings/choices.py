"""The names that settings can have: of detectors, densities, rules and the like. One place, for all ask."""

AUTO, POOLED, POSITIONAL, TEXTURE = "auto", "pooled", "positional", "texture"
AUTOENCODER, DEEP_SVDD = "autoencoder", "deep-svdd"
"""Detectors; `detector_kinds` says what each is."""

HELLINGER, UNCHANGED = "hellinger", "none"
NORMALIZATIONS = (HELLINGER, UNCHANGED)

UNIT_LENGTH = "length"
CELL_NORMALIZATIONS = (HELLINGER, UNIT_LENGTH)
"""What is done to the outputs of cells; `features/grids.py` says what each is."""

SHRUNK, MIXTURE = "shrunk", "gmm"
DENSITIES = (SHRUNK, MIXTURE)

COVARIANCES = ("full", "tied", "diag", "spherical")

NETWORK_SIZES = (32, 64, 128, 256)
"""Sides of a learned network's square input, in pixels."""

COMBINED, LATENT, ERROR = "combined", "latent", "error"
LEARNED_SCORES = (COMBINED, LATENT, ERROR)
"""What an autoencoder's score is made of."""

ONE_CLASS, SOFT_BOUNDARY = "one-class", "soft-boundary"
OBJECTIVES = (ONE_CLASS, SOFT_BOUNDARY)
"""What Deep SVDD is trained for."""

FALSE_ALARM_RATE, SIGMA, BEST_F1, MANUAL = "false-alarm-rate", "sigma", "best-f1", "manual"
RULES = (FALSE_ALARM_RATE, SIGMA, BEST_F1, MANUAL)
"""How a threshold is chosen."""

OF_TRAINING, OF_HELD_OUT = "training", "held-out"
SIGMA_SCORES = (OF_TRAINING, OF_HELD_OUT)

AUTOMATIC, INDEPENDENT, ONE, FOLDER = "auto", "none", "one", "folder"
"""Which images show one part: found by near-duplicates, none together, all, those of a folder."""

AUTO_DEPTH = "auto"
DEPTHS = (8, 10, 12, 14, 16)
"""Bits that cameras use of 16."""

LEAVE_OUT, KEEP = "leave-out", "keep"
SUSPECT_CHOICES = (LEAVE_OUT, KEEP)
