"""The first tables. What is written here stays as it is: later changes are files of their own.

A station's own file has all of them. A server, which several stations share, has a schema for them, a table
of stations, and results and audit with the number of the station before each row.
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def _texts(*names: str, nullable: bool = False) -> "list[sa.Column[str]]":
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


def _get_schema() -> "str | None":
    """Return the schema of a server, None for a station's own file."""
    return op.get_context().version_table_schema


def _link_columns(number: str) -> "list[sa.Column[int] | sa.UniqueConstraint | sa.PrimaryKeyConstraint]":
    """Return the columns that number a row, and what may be there once only."""
    if _get_schema() is None:
        if number == "link":
            return [sa.Column("link", sa.Integer, primary_key=True, autoincrement=False)]
        own = sa.Column(number, sa.Integer, primary_key=True, autoincrement=False)
        return [own, sa.Column("link", sa.Integer, nullable=False, unique=True)]
    names = dict.fromkeys(("station_number", number, "link"))
    columns = [sa.Column(name, sa.Integer, nullable=False) for name in names]
    return [*columns, sa.PrimaryKeyConstraint("station_number", "link")]


def _make_result() -> None:
    schema = _get_schema()
    op.create_table(
        "result",
        *_link_columns("seq"),
        sa.Column("id", sa.Text, nullable=False, unique=schema is None),
        *_texts("at", "site", "line", "station"),
        *_texts("part", "lot", nullable=True),
        *_texts("source", "image_sha256", "image_path", "verdict"),
        sa.Column("score", sa.Float),
        sa.Column("threshold", sa.Float, nullable=False),
        sa.Column("band", sa.Float),
        *_texts("model_sha256", "model_name", "version"),
        *_texts("operator", "shift", nullable=True),
        *_texts("milliseconds"),
        *(sa.Column(name, sa.Float) for name in ("brightness", "contrast", "sharpness", "highlights")),
        *_texts("reason", "regions"),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("is_challenge", "is_simulated")),
        *_texts("previous_hash", "hash"),
        schema=schema,
    )
    for name in ("part", "lot"):
        op.create_index(f"result_{name}", "result", [name, "verdict", "at"], schema=schema)
    op.create_index("result_verdict", "result", ["verdict", "at"], schema=schema)


def _make_audit() -> None:
    op.create_table(
        "audit",
        *_link_columns("link"),
        *_texts("at", "who", "role", "what", "before", "after", "why", "previous_hash", "hash"),
        schema=_get_schema(),
    )


def _make_step() -> None:
    is_open = sa.text("step != 'MOVED'")
    op.create_table(
        "step",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("identity", sa.Text, nullable=False, unique=True),
        *_texts("path"),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("size", "mtime_ns")),
        *_texts("sha256", "step", "at"),
        sa.Column("seq", sa.Integer),
        *_texts("target", "pruning", "pruned_at", nullable=True),
    )
    op.create_index("ix_step_path", "step", ["path"])
    op.create_index("step_open", "step", ["id"], sqlite_where=is_open)
    op.create_index(
        "step_with_picture", "step", ["id"], sqlite_where=sa.text("step = 'MOVED' AND pruning IS NULL")
    )
    op.create_index("step_pruning", "step", ["id"], sqlite_where=sa.text("pruning = 'PRUNING'"))


def _make_outbox() -> None:
    op.create_table(
        "outbox",
        *_texts("output"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer),
        *_texts("alarm", nullable=True),
        *_texts("state", "at"),
        *_texts("acked_at", nullable=True),
        sa.PrimaryKeyConstraint("output", "number"),
    )
    op.create_index(
        "outbox_pending", "outbox", ["output", "number"], sqlite_where=sa.text("state = 'PENDING'")
    )


def _make_people() -> None:
    op.create_table(
        "person",
        sa.Column("name", sa.Text, primary_key=True, nullable=False),
        *_texts("role", "password"),
        sa.Column("failed", sa.Integer, nullable=False),
        *_texts("locked_until", nullable=True),
        sa.Column("is_active", sa.Integer, nullable=False),
    )
    op.create_table(
        "signed_in",
        sa.Column("link", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("name"),
        *(sa.Column(name, sa.Float, nullable=False) for name in ("since", "active")),
    )


def _make_forwarded() -> None:
    op.create_table(
        "forwarded",
        sa.Column("server", sa.Text, primary_key=True, nullable=False),
        sa.Column("link", sa.Integer, nullable=False),
        *_texts("at"),
    )


def _make_stations() -> None:
    op.create_table(
        "station",
        sa.Column("number", sa.Integer, sa.Identity(), primary_key=True),
        sa.Column("first_hash", sa.Text, nullable=False, unique=True),
        *_texts("site", "line", "name", "at"),
        schema=_get_schema(),
    )


def upgrade() -> None:
    """Make them."""
    _make_result()
    _make_audit()
    if _get_schema() is not None:
        _make_stations()
        return
    op.create_index("ix_result_image_path", "result", ["image_path"])
    op.create_index("audit_what", "audit", ["what", "before"])
    _make_step()
    _make_outbox()
    _make_people()
    _make_forwarded()
