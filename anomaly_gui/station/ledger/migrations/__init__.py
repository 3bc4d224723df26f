"""How the ledger's tables came to be: alembic runs `env` and what is in `versions`."""
