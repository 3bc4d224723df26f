"""What alembic runs: the migrations, in the transaction that it is given."""

from alembic import context

if __name__ == "env_py":  # alembic's name for it; others, such as doctest, only look
    given = context.config.attributes
    context.configure(connection=given["connection"], version_table_schema=given.get("schema"))
    context.run_migrations()
