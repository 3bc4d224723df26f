"""What alembic runs: the migrations, in the transaction that it is given."""

from alembic import context

if __name__ == "env_py":  # alembic's name for it; others, such as doctest, only look
    context.configure(connection=context.config.attributes["connection"])
    context.run_migrations()
