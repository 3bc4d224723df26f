"""Remove pictures that need not be kept any longer: what the records know byte for byte, and nothing else."""

from __future__ import annotations

import errno
import getpass
import os
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Event, Thread
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station import files
from anomaly_gui.station.access.approvals import require_approved_settings
from anomaly_gui.station.ledger.engine import LedgerError, explain_database, open_engine, open_reader
from anomaly_gui.station.ledger.pruning import (
    KeptPicture,
    Span,
    find_first_waiting,
    find_oldest,
    list_pruning,
    mark_pruning,
    measure_pictures,
    record_pruned,
)
from anomaly_gui.station.ledger.tables import GONE, LEFT, PRUNED
from anomaly_gui.station.moving import COARSE
from anomaly_gui.station.outputs.lock import ProcessLock
from anomaly_gui.station.server.forwarded import read_forwarded
from anomaly_gui.station.times import write_moment
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from anomaly_gui.station.settings.station_settings import StationSettings

BATCH = 500  # pictures of an entry of the audit
EVERY = 3600.0  # seconds
_DAY, _SECOND, _GIGABYTE = 86400, 1_000_000_000, 1_000_000_000  # seconds, nanoseconds, bytes


@dataclass
class Pruned:
    """What was, or would be, removed.

    Parameters
    ----------
    pictures, bytes : by verdict
    left : pictures that are not what the records say, and stay
    trouble : why some could not be removed; "" where all could
    """

    pictures: Counter[str] = field(default_factory=Counter)
    bytes: Counter[str] = field(default_factory=Counter)
    left: int = 0
    trouble: str = ""

    def add_pictures(self, pictures: Iterable[KeptPicture]) -> None:
        """Count pictures."""
        for one in pictures:
            self.pictures[one.verdict] += 1
            self.bytes[one.verdict] += one.size


def prune_pictures(settings: StationSettings, is_over: Callable[[], bool] = lambda: False) -> Pruned:
    """Remove what the rules of the settings do not keep, once every output and the server have its result.

    Whatever ends it at any moment, the next call goes on there. Pictures that could not be removed stay noted
    as kept.

    Raises
    ------
    LedgerError : the records cannot be used, or another process is at it
    AccessError : the settings are not those that were approved
    """
    pruned = Pruned()
    with _alone(settings.records), _explained(settings.ledger_file):
        engine = open_engine(settings.ledger_file, may_make=False)
        try:
            require_approved_settings(engine, settings)
            with open_reader(settings.ledger_file) as reader:
                begun = list_pruning(reader)
            _remove_batch(engine, begun, pruned, is_begun=True)
            for verdict in settings.keep.rules:
                for batch in _choose_pictures(settings, verdict):
                    if is_over():
                        return pruned
                    mark_pruning(engine, batch)
                    if not _remove_batch(engine, batch, pruned):
                        return pruned
        finally:
            engine.dispose()
    return pruned


def foresee_pruning(settings: StationSettings) -> Pruned:
    """Return what `prune_pictures` would remove now."""
    pruned = Pruned()
    with _explained(settings.ledger_file):
        for verdict in settings.keep.rules:
            for batch in _choose_pictures(settings, verdict):
                pruned.add_pictures(batch)
    return pruned


def _choose_pictures(settings: StationSettings, verdict: str) -> Iterator[list[KeptPicture]]:
    """Yield the pictures of a verdict that are not to be kept, the oldest first."""
    rule = settings.keep.rules[verdict]
    oldest_kept = ""
    if rule.days is not None:
        oldest_kept = write_moment(time.time_ns() - round(rule.days * _DAY * _SECOND))
        yield from _page_pictures(settings, verdict, oldest_kept)
    if rule.gigabytes is None:
        return
    too_much = _measure_kept(settings, verdict, oldest_kept) - rule.gigabytes * _GIGABYTE
    for page in _page_pictures(settings, verdict, ""):
        chosen = []
        for picture in page:
            if picture.at >= oldest_kept and too_much > 0:
                chosen.append(picture)
                too_much -= picture.size
        if chosen:
            yield chosen
        if too_much <= 0:
            return


def _page_pictures(settings: StationSettings, verdict: str, before: str) -> Iterator[list[KeptPicture]]:
    """Yield the pictures of a verdict that may go, those of before a moment or all."""
    span = Span(before)
    while True:
        with open_reader(settings.ledger_file) as reader:
            below_seq, to_link = _find_limits(reader, settings)
            span = replace(span, below_seq=below_seq, to_link=to_link)
            found = find_oldest(reader, verdict, span, BATCH)
        if not found:
            return
        yield found
        span = replace(span, after=found[-1].id)


def _find_limits(reader: Connection, settings: StationSettings) -> tuple[int | None, int | None]:
    """Return below which result every output has all, and up to which link the server has; None: all."""
    outputs, server = [one.name for one in settings.outputs], settings.postgresql
    to_link = None if server is None else read_forwarded(reader, server.name)
    return find_first_waiting(reader, outputs), to_link


def _measure_kept(settings: StationSettings, verdict: str, oldest_kept: str) -> int:
    """Return the bytes of the pictures that are not too old; of those that are, nothing is left by now."""
    with open_reader(settings.ledger_file) as reader:
        return measure_pictures(reader, verdict, oldest_kept)


def _remove_batch(
    engine: Engine, batch: Sequence[KeptPicture], pruned: Pruned, *, is_begun: bool = False
) -> bool:
    """Remove pictures that are noted to be, and record what became of each; tell whether it was of any use.

    Parameters
    ----------
    is_begun : whether one that is not there may have been removed by a process that ended
    """
    became: dict[str, str | None] = {}
    try:
        for picture in batch:
            became[picture.id] = _try_removing(picture, pruned, absent=PRUNED if is_begun else GONE)
        for folder in {picture.path.parent for picture in batch if became[picture.id] == PRUNED}:
            files.sync_folder(folder)
    except OSError as error:  # it is not sure that they are gone: the next call sees
        pruned.trouble = _describe_trouble(batch[0].path.parent, error)
        return False
    if batch:
        record_pruned(engine, batch, became, "[keep]", getpass.getuser())
    pruned.left += sum(step == LEFT for step in became.values())
    pruned.add_pictures(one for one in batch if became[one.id] == PRUNED)
    return any(became.values())


def _try_removing(picture: KeptPicture, pruned: Pruned, absent: str) -> str | None:
    """Remove a picture and return what became of it; None where the disk does not let it."""
    try:
        return _remove_known(picture, absent)
    except OSError as error:
        pruned.trouble = pruned.trouble or _describe_trouble(picture.path, error)
        return None


def _remove_known(picture: KeptPicture, absent: str) -> str:
    """Remove a picture that is, byte for byte, the one the records know; one that is another stays."""
    if not picture.path.parent.is_dir():  # a share that is not mounted, rather than pictures that are gone
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(picture.path.parent))
    try:
        found = files.identify_file(picture.path)
    except FileNotFoundError:
        return absent
    if found is None or (found.size, found.sha256) != (picture.size, picture.sha256):
        return LEFT
    if abs(found.mtime_ns - picture.mtime_ns) > COARSE:  # the same bytes again, of a later part
        return LEFT
    return PRUNED if files.remove_file(picture.path, found) else LEFT


def _describe_trouble(path: Path, error: OSError) -> str:
    return translate("{path} cannot be removed ({why}).", path=path, why=explain_os_error(error))


@contextmanager
def _alone(records: Path) -> Iterator[None]:
    """Hold what one process at a time holds while it removes pictures."""
    lock = ProcessLock(records / "pruning.lock")
    if not lock.try_taking():
        raise LedgerError(translate("Pictures of this station are being removed already."))
    try:
        yield
    finally:
        lock.give_back()


@contextmanager
def _explained(ledger_file: Path) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        why = explain_database(error)
        raise LedgerError(translate("{path} cannot be used ({why}).", path=ledger_file, why=why)) from error


class HourlyPruning:
    """Removes pictures once an hour, in a thread of its own: judging does not wait for it.

    Attributes
    ----------
    trouble : why pictures could not be removed; "" where they could
    """

    def __init__(self, settings: StationSettings, every: float = EVERY) -> None:
        self._settings, self._every = settings, every
        self._ended = Event()
        self._thread = Thread(target=self._work, name="pruning", daemon=True)
        self.trouble = ""
        if not settings.keep.is_endless:
            self._thread.start()

    def _work(self) -> None:
        while not self._ended.is_set():
            try:
                self.trouble = prune_pictures(self._settings, self._ended.is_set).trouble
            except (UserError, OSError) as error:
                self.trouble = str(error)
            self._ended.wait(self._every)

    def close(self) -> None:
        """End it, after the pictures at hand."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
