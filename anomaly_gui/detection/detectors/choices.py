"""Names of choices a detector on learned features has; in a module of their own, for they are asked early."""

COMBINED, LATENT, ERROR = "combined", "latent", "error"
SCORES = (COMBINED, LATENT, ERROR)
"""What an autoencoder's score is made of."""

ONE_CLASS, SOFT_BOUNDARY = "one-class", "soft-boundary"
OBJECTIVES = (ONE_CLASS, SOFT_BOUNDARY)
"""What Deep SVDD is trained for."""
