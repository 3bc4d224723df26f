"""Which pictures are not to be kept any longer, and what became of them. Rows stay, whatever happens."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, exists, func, literal_column, select, update

from anomaly_gui.station.ledger.engine import writing
from anomaly_gui.station.ledger.linking import AuditEntry, add_entry
from anomaly_gui.station.ledger.paths_in_rows import read_path
from anomaly_gui.station.ledger.tables import GONE, LEFT, OUTBOX, PENDING, PRUNED, PRUNING, RESULT, STEP
from anomaly_gui.station.times import now_utc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Engine, Select

_AT_ITS_PLACE = and_(STEP.c.step == literal_column("'MOVED'"), STEP.c.pruning.is_(None))
"""As the index has it: of parts whose picture is where it belongs, and kept."""
_COLUMNS = (
    *(RESULT.c[name] for name in ("id", "seq", "at", "verdict", "image_path", "image_sha256")),
    *(STEP.c.size, STEP.c.mtime_ns),
)


@dataclass(frozen=True)
class KeptPicture:
    """The picture of a part.

    Parameters
    ----------
    id : of the part
    seq, at, verdict : of its result
    path, size, mtime_ns, sha256 : where it is, and what it has to be
    """

    id: str
    seq: int
    at: str
    verdict: str
    path: Path
    sha256: str
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Arrived:
    """Where a result has to be before its picture may go: at these outputs, and in the chain up to a link."""

    outputs: tuple[str, ...] = ()
    link: int | None = None


@dataclass(frozen=True)
class Span:
    """Which pictures are looked at: those with results before a moment ("": all), from behind a part on."""

    before: str = ""
    after: str = ""


def measure_pictures(connection: Connection, verdict: str, since: str) -> int:
    """Return the bytes of the pictures of a verdict that are kept, with results since a moment."""
    asked = _of_verdict(select(func.coalesce(func.sum(STEP.c.size), 0)), verdict)
    return int(connection.scalar(asked.where(RESULT.c.at >= since)) or 0)


def find_oldest(
    connection: Connection, verdict: str, arrived: Arrived, span: Span, most: int
) -> list[KeptPicture]:
    """Return the pictures of a verdict that may go, the oldest first."""
    waits = exists().where(
        OUTBOX.c.seq == RESULT.c.seq,
        OUTBOX.c.state == literal_column(f"'{PENDING}'"),
        OUTBOX.c.output.in_(arrived.outputs),
    )
    asked = _of_verdict(select(*_COLUMNS), verdict).where(~waits, STEP.c.id > span.after)
    if span.before:
        asked = asked.where(RESULT.c.at < span.before)
    if arrived.link is not None:
        asked = asked.where(RESULT.c.link <= arrived.link)
    return [_make_picture(row) for row in connection.execute(asked.order_by(STEP.c.id).limit(most)).all()]


def _of_verdict(asked: Select[Any], verdict: str) -> Select[Any]:
    """Narrow a question to pictures of a verdict that are kept, and are known by their bytes."""
    joined = asked.select_from(STEP).join(RESULT, RESULT.c.id == STEP.c.id)
    return joined.where(_AT_ITS_PLACE, RESULT.c.verdict == verdict, RESULT.c.image_sha256 != "")


def list_pruning(connection: Connection) -> list[KeptPicture]:
    """Return the pictures whose removal was begun and not recorded: a process ended in between."""
    asked = select(*_COLUMNS).join_from(RESULT, STEP, RESULT.c.id == STEP.c.id)
    begun = STEP.c.pruning == literal_column(f"'{PRUNING}'")
    return [_make_picture(row) for row in connection.execute(asked.where(begun).order_by(STEP.c.id)).all()]


def mark_pruning(engine: Engine, pictures: Sequence[KeptPicture]) -> None:
    """Note that pictures will be removed, before any of them is."""
    marked = update(STEP).where(STEP.c.id == bindparam("part"), STEP.c.pruning.is_(None))
    with writing(engine) as connection:
        connection.execute(marked.values(pruning=PRUNING), [{"part": one.id} for one in pictures])


def record_pruned(
    engine: Engine, pictures: Sequence[KeptPicture], became: Mapping[str, str | None], why: str, who: str
) -> Counter[str]:
    """Record what became of pictures, with an entry of the audit; return how many there are of each.

    Parameters
    ----------
    became : by id of the part PRUNED, GONE or LEFT; None: nothing yet, so it is tried again
    """
    counts: Counter[str] = Counter()
    gone = []
    with writing(engine) as connection:
        for picture in pictures:
            step = became[picture.id]
            at = now_utc() if step == PRUNED else None
            mine = (STEP.c.id == picture.id) & (STEP.c.pruning == PRUNING)
            if connection.execute(update(STEP).where(mine).values(pruning=step, pruned_at=at)).rowcount:
                counts[step or ""] += 1
                gone += [picture] if step == PRUNED else []
        if counts.total() > counts[""]:
            add_entry(connection, AuditEntry("prune", "", _describe(gone, counts), why, who))
    return counts


def _describe(gone: Sequence[KeptPicture], counts: Counter[str]) -> str:
    """Return what the audit says of a removal."""
    told = {
        "pictures": len(gone),
        "bytes": sum(one.size for one in gone),
        "up_to": max((one.seq for one in gone), default=None),
        "up_to_at": max((one.at for one in gone), default=None),
        "were_gone": counts[GONE],
        "left_as_changed": counts[LEFT],
    }
    return json.dumps(told)


def _make_picture(row: Any) -> KeptPicture:
    identity, seq, at, verdict, path, sha256, size, mtime_ns = row
    return KeptPicture(identity, seq, at, verdict, read_path(path), sha256, size, mtime_ns)
