"""How long a user of the window waits."""
