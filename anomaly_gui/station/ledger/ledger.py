"""The ledger as the station writes it: what was seen, what was judged, what was moved, who did what."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

import anomaly_gui
from anomaly_gui.language import translate
from anomaly_gui.station.ledger.engine import LedgerError, explain_database, open_engine, writing
from anomaly_gui.station.ledger.linking import AuditEntry, add_link, find_end, has_link
from anomaly_gui.station.ledger.paths_in_rows import read_path, write_path
from anomaly_gui.station.ledger.tables import AUDIT, JUDGED, MOVED, OUTBOX, PENDING, RESULT, SEEN, STEP
from anomaly_gui.station.settings.shifts import find_shift
from anomaly_gui.station.times import make_id, now_utc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from sqlalchemy import Connection

    from anomaly_gui.station.capture.picture import Picture
    from anomaly_gui.station.judging.judged import Judged
    from anomaly_gui.station.settings.shifts import Shift


@dataclass(frozen=True)
class PartSteps:
    """How far a part has come.

    Parameters
    ----------
    id : of the part
    step : SEEN, JUDGED or MOVED
    path : where its picture was seen last
    size, mtime_ns, sha256 : of the picture
    target : where it is to go; None before it is judged
    """

    id: str
    step: str
    path: Path
    size: int
    mtime_ns: int
    sha256: str
    target: Path | None


@dataclass(frozen=True)
class Place:
    """The names of a station, of the outputs that get its messages, and of its shifts."""

    site: str
    line: str
    station: str
    outputs: tuple[str, ...] = ()
    shifts: tuple[Shift, ...] = ()


class Ledger:
    """The records of one station; every method that writes is one transaction.

    Parameters
    ----------
    read_operator : returns who is signed in at the station; asked in the transaction that records a verdict

    Attributes
    ----------
    place : the names that rows bear

    Raises
    ------
    LedgerError : here and from every method, where the disk or the file is at fault
    """

    def __init__(
        self, file: Path, place: Place, read_operator: Callable[[Connection], str | None] = lambda _: None
    ) -> None:
        self.place, self.file, self._read_operator = place, file, read_operator
        self.engine = open_engine(file)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.engine.dispose()

    def see_pictures(self, pictures: Sequence[Picture]) -> list[PartSteps]:
        """Note pictures, and return how far the part of each has come: one that is known, or a new one."""
        with _Explained(self.file), writing(self.engine) as connection:
            return [self._see_picture(connection, picture) for picture in pictures]

    def _see_picture(self, connection: Connection, picture: Picture) -> PartSteps:
        known = connection.execute(select(STEP).where(STEP.c.identity == picture.identity)).mappings().first()
        if known is None:
            values = {
                "id": make_id(),
                "identity": picture.identity,
                "path": write_path(picture.path),
                "size": picture.size,
                "mtime_ns": picture.mtime_ns,
                "sha256": picture.sha256,
                "step": SEEN,
                "at": now_utc(),
            }
            connection.execute(insert(STEP).values(values))
            return _make_steps({**values, "target": None})
        if known["step"] == SEEN and known["path"] != write_path(picture.path):  # renamed
            connection.execute(
                update(STEP).where(STEP.c.id == known["id"]).values(path=write_path(picture.path))
            )
            return _make_steps({**known, "path": write_path(picture.path)})
        return _make_steps(known)

    def record_judged(self, part: PartSteps, judged: Judged, target: Path) -> int:
        """Record a verdict and what outputs have to send; return its number.

        Parameters
        ----------
        target : where the picture will be
        """
        with _Explained(self.file), writing(self.engine) as connection:
            seq = 1 + (connection.scalar(select(func.max(RESULT.c.seq))) or 0)
            values: dict[str, Any] = {"seq": seq, "id": part.id, "at": now_utc(), **self._write_place()}
            values |= _write_judged(judged) | {"image_path": write_path(target)}
            values["operator"] = self._read_operator(connection)
            values["shift"] = find_shift(self.place.shifts, datetime.now())
            add_link(connection, "result", values)
            step = {"step": JUDGED, "seq": seq, "target": write_path(target)}
            connection.execute(update(STEP).where(STEP.c.id == part.id).values(step))
            self._put_out(connection, values["at"], seq=seq)
        return seq

    def record_alarm(self, alarm: Mapping[str, Any]) -> None:
        """Record an alarm that came or went, and let outputs send it.

        Parameters
        ----------
        alarm : `alarm` (its name), `at`, `text`, `is_active`
        """
        came = "came" if alarm["is_active"] else "went"
        entry = AuditEntry("alarm", alarm["alarm"], came, alarm["text"])
        with _Explained(self.file), writing(self.engine) as connection:
            add_link(connection, "audit", {**vars(entry), "at": alarm["at"]})
            self._put_out(connection, alarm["at"], alarm=json.dumps(alarm))

    def _put_out(self, connection: Connection, at: str, **what: Any) -> None:
        """Put a message into the outbox of each output."""
        for output in self.place.outputs:
            last = select(func.max(OUTBOX.c.number)).where(OUTBOX.c.output == output)
            number = 1 + (connection.scalar(last) or 0)
            waiting = {"output": output, "number": number, "state": PENDING, "at": at, **what}
            connection.execute(insert(OUTBOX).values(waiting))

    def _write_place(self) -> dict[str, str]:
        return {"site": self.place.site, "line": self.place.line, "station": self.place.station}

    def mark_moved(self, parts: Iterable[PartSteps]) -> None:
        """Note that pictures are where they belong."""
        ids = [{"part": part.id} for part in parts]  # one by one: a list in a question has a longest length
        if ids:
            moved = update(STEP).where(STEP.c.id == bindparam("part")).values(step=MOVED)
            with _Explained(self.file), writing(self.engine) as connection:
                connection.execute(moved, ids)

    def note_path(self, part: PartSteps, path: Path) -> None:
        """Note that a part's picture has another path."""
        with _Explained(self.file), writing(self.engine) as connection:
            connection.execute(update(STEP).where(STEP.c.id == part.id).values(path=write_path(path)))

    def list_open(self) -> list[PartSteps]:
        """Return the parts that are not at their end, the oldest first."""
        asked = select(STEP).where(STEP.c.step != MOVED).order_by(STEP.c.id)
        with _Explained(self.file), self.engine.connect() as connection:
            return [_make_steps(row) for row in connection.execute(asked).mappings()]

    def is_settled(self, path: Path, size: int, mtime_ns: int) -> bool:
        """Tell whether a picture at this path is at its end, by what a listing says of it."""
        like = (STEP.c.path == write_path(path)) & (STEP.c.size == size) & (STEP.c.mtime_ns == mtime_ns)
        with _Explained(self.file), self.engine.connect() as connection:
            found = connection.execute(select(STEP.c.id).where(like, STEP.c.step == MOVED)).first()
        return found is not None

    def has_path(self, path: Path) -> bool:
        """Tell whether a part's picture is, or is to be, at this path."""
        asked = select(RESULT.c.seq).where(RESULT.c.image_path == write_path(path)).limit(1)
        with _Explained(self.file), self.engine.connect() as connection:
            return connection.execute(asked).first() is not None

    def add_audit(self, entry: AuditEntry, *, once: bool = False) -> None:
        """Record what was done.

        Parameters
        ----------
        once : whether nothing is added where the same was done from the same to the same
        """
        values = {**vars(entry), "at": now_utc()}
        same = [AUDIT.c[name] == values[name] for name in ("what", "before", "after")]
        with _Explained(self.file), writing(self.engine) as connection:
            if not (once and connection.execute(select(AUDIT.c.link).where(*same)).first()):
                add_link(connection, "audit", values)

    def find_last_audit(self, what: str) -> str | None:
        """Return what the last entry of a kind says of `after`; None where there is none."""
        asked = select(AUDIT.c.after).where(AUDIT.c.what == what).order_by(AUDIT.c.link.desc()).limit(1)
        with _Explained(self.file), self.engine.connect() as connection:
            found: str | None = connection.scalar(asked)
        return found

    def read_end(self) -> tuple[int, str]:
        """Return the number and the hash of the last row of the chain."""
        with _Explained(self.file), self.engine.connect() as connection:
            return find_end(connection)

    def has_link(self, number: int, its_hash: str) -> bool:
        """Tell whether the chain has a row with this number and hash."""
        with _Explained(self.file), self.engine.connect() as connection:
            return has_link(connection, number, its_hash)


class _Explained:
    """Turns what a database says into a sentence."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, SQLAlchemyError):
            why = explain_database(error)
            raise LedgerError(
                translate("{path} cannot be used ({why}).", path=self._file, why=why)
            ) from error


def _make_steps(row: Any) -> PartSteps:
    return PartSteps(
        id=row["id"],
        step=row["step"],
        path=read_path(row["path"]),
        size=row["size"],
        mtime_ns=row["mtime_ns"],
        sha256=row["sha256"],
        target=None if row["target"] is None else read_path(row["target"]),
    )


def _write_judged(judged: Judged) -> dict[str, Any]:
    """Return the columns that a verdict fills."""
    picture, by = judged.picture, judged.by
    brightness, contrast, sharpness, highlights = judged.look or (None, None, None, None)
    return {
        **{"part": picture.part, "lot": picture.lot},
        "source": picture.source,
        "image_sha256": picture.sha256,
        "verdict": judged.verdict.value,
        "score": _clean_number(judged.score),
        "threshold": _clean_number(by.threshold),
        "band": _clean_number(by.band),
        "model_sha256": by.sha256,
        "model_name": by.name,
        "version": anomaly_gui.__version__,
        "milliseconds": json.dumps(dict(judged.milliseconds)),
        "brightness": _clean_number(brightness),
        "contrast": _clean_number(contrast),
        "sharpness": _clean_number(sharpness),
        "highlights": _clean_number(highlights),
        "reason": judged.reason,
        "regions": json.dumps([list(map(int, region)) for region in judged.regions]),
        "is_challenge": int(picture.is_challenge),
        "is_simulated": int(picture.is_simulated),
    }


def _clean_number(value: float | None) -> float | None:
    """Return a number as the database gives it back: a float, and no zero with a sign."""
    return None if value is None else float(value) + 0.0
