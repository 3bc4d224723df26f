"""The tables of the ledger. Their history is in `migrations`, and the newest is what is here."""

from sqlalchemy import Column, Float, Index, Integer, MetaData, PrimaryKeyConstraint, Table, Text

METADATA = MetaData()

SEEN, JUDGED, MOVED = "SEEN", "JUDGED", "MOVED"
"""Steps of a part: it is known; it has a verdict; its picture is where it belongs."""
PENDING, ACKED = "PENDING", "ACKED"
"""Steps of a part at an output."""
PRUNING, PRUNED, GONE, LEFT = "PRUNING", "PRUNED", "GONE", "LEFT"
"""Steps of a picture that is not to be kept: it is being removed; it was; it was not there; it is another."""
REFERENCE = "challenge"
"""The source of a picture that a folder of known parts has: it is judged where it is, again and again."""

_CHAIN = ("previous_hash", "hash")

RESULT = Table(
    "result",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("link", Integer, nullable=False, unique=True),
    Column("id", Text, nullable=False, unique=True),
    Column("at", Text, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("site", "line", "station")),
    *(Column(name, Text) for name in ("part", "lot")),
    Column("source", Text, nullable=False),
    Column("image_sha256", Text, nullable=False),
    Column("image_path", Text, nullable=False, index=True),
    Column("verdict", Text, nullable=False),
    Column("score", Float),
    Column("threshold", Float, nullable=False),
    Column("band", Float),
    *(Column(name, Text, nullable=False) for name in ("model_sha256", "model_name", "version")),
    *(Column(name, Text) for name in ("operator", "shift")),
    Column("milliseconds", Text, nullable=False),
    *(Column(name, Float) for name in ("brightness", "contrast", "sharpness", "highlights")),
    *(Column(name, Text, nullable=False) for name in ("reason", "regions")),
    *(Column(name, Integer, nullable=False) for name in ("is_challenge", "is_simulated")),
    *(Column(name, Text, nullable=False) for name in _CHAIN),
    *(Index(f"result_{name}", name, "verdict", "at") for name in ("part", "lot")),
    Index("result_verdict", "verdict", "at"),
)
"""One row a part; never changed and never deleted. `link` numbers the chain through both tables."""

AUDIT = Table(
    "audit",
    METADATA,
    Column("link", Integer, primary_key=True, autoincrement=False),
    *(Column(name, Text, nullable=False) for name in ("at", "who", "role", "what", "before", "after", "why")),
    *(Column(name, Text, nullable=False) for name in _CHAIN),
    Index("audit_what", "what", "before"),
)
"""Who did what: one row for each thing that is no verdict."""

STEP = Table(
    "step",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("identity", Text, nullable=False, unique=True),
    Column("path", Text, nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("mtime_ns", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("seq", Integer),
    *(Column(name, Text) for name in ("target", "pruning", "pruned_at")),
)
"""How far each part has come; `path` is where its picture was seen last, `target` where it is to go."""
Index("step_open", STEP.c.id, sqlite_where=STEP.c.step != MOVED)
Index("step_with_picture", STEP.c.id, sqlite_where=(STEP.c.step == MOVED) & STEP.c.pruning.is_(None))
Index("step_pruning", STEP.c.id, sqlite_where=STEP.c.pruning == PRUNING)

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("output", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("seq", Integer),
    Column("alarm", Text),
    Column("state", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("acked_at", Text),
    PrimaryKeyConstraint("output", "number"),
)
"""What each output has to send, and what has arrived: the result `seq`, or an alarm, in order of `number`."""
Index("outbox_pending", OUTBOX.c.output, OUTBOX.c.number, sqlite_where=OUTBOX.c.state == PENDING)

PERSON = Table(
    "person",
    METADATA,
    Column("name", Text, primary_key=True, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("role", "password")),
    Column("failed", Integer, nullable=False),
    Column("locked_until", Text),
    Column("is_active", Integer, nullable=False),
)
"""Who may do what; `password` is a hash by argon2. Each row is as the audit says of it last."""

SIGNED_IN = Table(
    "signed_in",
    METADATA,
    Column("link", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    *(Column(name, Float, nullable=False) for name in ("since", "active")),
)
"""Who is signed in: one row or none; `link` is of the entry that says so, times are seconds since 1970."""

FORWARDED = Table(
    "forwarded",
    METADATA,
    Column("server", Text, primary_key=True, nullable=False),
    Column("link", Integer, nullable=False),
    Column("at", Text, nullable=False),
)
"""How much of the chain a server had when it was asked last; it may have more by now."""
