"""How long work takes, and how much memory."""
