"""The first tables. What is written here stays as it is: later changes are files of their own."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def _texts(*names: str, nullable: bool = False) -> "list[sa.Column[str]]":
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


def _make_result() -> None:
    op.create_table(
        "result",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("link", sa.Integer, nullable=False, unique=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        *_texts("at", "site", "line", "station"),
        *_texts("part", "lot", nullable=True),
        *_texts("source", "image_sha256", "image_path", "verdict"),
        sa.Column("score", sa.Float),
        sa.Column("threshold", sa.Float, nullable=False),
        sa.Column("band", sa.Float),
        *_texts("model_sha256", "model_name", "version"),
        *_texts("operator", "shift", nullable=True),
        *_texts("milliseconds"),
        *(sa.Column(name, sa.Float) for name in ("brightness", "contrast", "sharpness")),
        *_texts("reason", "regions"),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("is_challenge", "is_simulated")),
        *_texts("previous_hash", "hash"),
    )
    for name in ("part", "lot"):
        op.create_index(f"result_{name}", "result", [name, "verdict", "at"])
    op.create_index("result_verdict", "result", ["verdict", "at"])
    op.create_index("ix_result_image_path", "result", ["image_path"])


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("link", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("at", "who", "role", "what", "before", "after", "why", "previous_hash", "hash"),
    )
    op.create_index("audit_what", "audit", ["what", "before"])


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
    op.create_index("step_open", "step", ["id"], sqlite_where=is_open, postgresql_where=is_open)


def _make_outbox() -> None:
    is_pending = sa.text("state = 'PENDING'")
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
        "outbox_pending", "outbox", ["output", "number"], sqlite_where=is_pending, postgresql_where=is_pending
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


def upgrade() -> None:
    """Make them."""
    _make_result()
    _make_audit()
    _make_step()
    _make_outbox()
    _make_people()
