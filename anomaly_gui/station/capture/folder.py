"""Pictures that arrive in a folder. A listing is the truth; nothing is dropped, whatever writes there."""

from __future__ import annotations

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.station import files
from anomaly_gui.station.capture.learning import Facts, Learner
from anomaly_gui.station.capture.picture import Picture
from anomaly_gui.station.capture.sightings import Sightings
from anomaly_gui.station.capture.waking import FolderWatch
from anomaly_gui.station.settings.station_settings import STAY
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.station.capture.decoding import FindTroubles
    from anomaly_gui.station.capture.picture import Backlog
    from anomaly_gui.station.capture.sightings import Sighting
    from anomaly_gui.station.settings.station_settings import FolderSettings

_REST = 3  # a listing takes at most a quarter of the time
_TRY_AGAIN = 1.0  # seconds between two readings of what does not decode
_READERS = 2


class FolderCapture:
    """Takes pictures from a folder.

    Parameters
    ----------
    is_settled : tells of a path, size and time whether that picture is at its end; asked where pictures stay
    find_troubles : tells whether pictures are whole

    Attributes
    ----------
    trouble : why the folder cannot be listed; "" where it can
    """

    def __init__(
        self,
        settings: FolderSettings,
        is_settled: Callable[[Path, int, int], bool],
        find_troubles: FindTroubles,
    ) -> None:
        self._settings, self._is_settled, self._find_troubles = settings, is_settled, find_troubles
        self._learner = Learner(settings)
        self._sightings = Sightings(
            settings.folder, settings.every, self._learner.is_wanted, are_whole=self._learner.is_camera
        )
        self._ready: list[str] = []
        self._next_listing = self._rest = 0.0
        self._watch = FolderWatch(settings.folder)
        self._readers = ThreadPoolExecutor(_READERS, "read")
        self.trouble = ""

    @property
    def alarms(self) -> Mapping[str, str]:
        """What is wrong, by the name of its alarm; "" where nothing is."""
        return {"capture": self.trouble or self._learner.read_trouble()}

    def take_pictures(self, most: int) -> list[Picture]:
        """Return up to so many pictures that are ready, the oldest first."""
        self._list_if_due()
        some: list[str] = []
        while self._ready and len(some) < most:
            name = self._ready.pop()
            if self._should_read(name):
                some.append(name)
        read = [one for one in self._readers.map(self._read_picture, some) if one is not None]
        return [one for one in self._check_pictures(read) if self._take(one)]

    def _list_if_due(self) -> None:
        now = time.monotonic()
        if now < self._next_listing:
            return
        try:
            self._sightings.list_folder(now)
            self.trouble = ""
        except OSError as error:
            self.trouble = translate(
                "{path} cannot be listed ({why}).", path=self._settings.folder, why=explain_os_error(error)
            )
        self._ready = self._sightings.order_ready()[::-1]  # the oldest is taken from the end
        self._rest = _REST * (time.monotonic() - now)
        self._next_listing = time.monotonic() + max(self._settings.every, self._rest)

    def _should_read(self, name: str) -> bool:
        """Tell whether a file is worth reading now."""
        sighting = self._sightings.by_name.get(name)
        if sighting is None or _was_just_tried(sighting):
            return False
        path = self._settings.folder / name
        if self._settings.after == STAY and self._is_settled(path, sighting.size, sighting.mtime_ns):
            sighting.is_taken = True
        return not sighting.is_taken

    def _read_picture(self, name: str) -> Picture | None:
        """Return a file as a picture; None for one that is no more what the listing saw."""
        sighting, path, began = self._sightings.by_name[name], self._settings.folder / name, time.monotonic()
        data, trouble, facts = b"", "", Facts()
        try:
            data, status = files.read_whole(path)
        except FileNotFoundError:
            return None
        except (OSError, MemoryError) as error:
            trouble = translate("cannot be read ({why})", why=_explain_error(error))
        else:
            if not _is_same(sighting, status, data):
                return None  # the next listing sees it as it is now
            facts = self._learner.learn_facts(path, data)
        waited = {"wait": began - (sighting.ready_since or began), "read": time.monotonic() - began}
        facts = replace(facts, trouble=trouble or facts.trouble)
        return self._make_picture(path, sighting, data, facts, waited)

    def _check_pictures(self, pictures: Sequence[Picture]) -> Iterator[Picture]:
        """Yield pictures, with why each is not whole, where it is not."""
        whole, began = [one for one in pictures if not one.trouble], time.monotonic()
        found = self._find_troubles([(one.path, one.data) for one in whole]) if whole else ()
        took, troubles = round(1000 * (time.monotonic() - began), 2), iter(found)
        for one in pictures:
            if one.trouble:
                yield one
            else:
                milliseconds = {**one.milliseconds, "read": round(one.milliseconds["read"] + took, 2)}
                yield replace(one, trouble=next(troubles), milliseconds=milliseconds)

    def _take(self, picture: Picture) -> bool:
        """Tell whether a picture is whole, or had its time to become so; then it is not read again."""
        sighting, now = self._sightings.by_name[picture.path.name], time.monotonic()
        is_sure = self._learner.is_camera and picture.data  # nobody else writes there
        if picture.trouble and not is_sure and now - sighting.since < self._settings.patience:
            sighting.tried = now
            return False
        sighting.is_taken = True
        return True

    def _make_picture(
        self, path: Path, sighting: Sighting, data: bytes, facts: Facts, waited: dict[str, float]
    ) -> Picture:
        return Picture(
            path=path,
            size=sighting.size,
            mtime_ns=sighting.mtime_ns,
            sha256=hashlib.sha256(data).hexdigest() if data or not sighting.size else "",
            data=data,
            part=facts.part,
            lot=facts.lot,
            source=facts.source,
            milliseconds={
                **facts.milliseconds,
                **{step: round(1000 * seconds, 2) for step, seconds in waited.items()},
            },
            trouble=facts.trouble,
            is_simulated=facts.is_simulated,
        )

    def wait_for_more(self, seconds: float) -> None:
        """Return when something happens in the folder, when the next listing is due, or after so long."""
        until = max(0.0, min(seconds, self._next_listing - time.monotonic()))
        if self._watch.wait_for_event(until):
            soon = time.monotonic() + max(self._settings.every / 5, self._rest)
            self._next_listing = min(self._next_listing, soon)

    def give_back(self, pictures: Sequence[Picture]) -> None:
        """Let pictures be taken again: nothing became of them."""
        for picture in pictures:
            sighting = self._sightings.by_name.get(picture.path.name)
            if sighting is not None:
                sighting.is_taken = False

    def let_go(self, paths: Sequence[Path]) -> None:
        """Forget pictures that were moved away: what comes under their names is new."""
        for path in paths:
            self._sightings.by_name.pop(path.name, None)

    def measure_backlog(self) -> Backlog:
        """Return what waits."""
        return self._sightings.measure_backlog(time.time())

    def close(self) -> None:
        """End the threads."""
        self._watch.close()
        self._readers.shutdown()
        self._learner.close()


def _was_just_tried(sighting: Sighting) -> bool:
    return sighting.tried is not None and time.monotonic() - sighting.tried < _TRY_AGAIN


def _is_same(sighting: Sighting, status: os.stat_result, data: bytes) -> bool:
    """Tell whether a file is what the listing saw, and was read to its end."""
    shape = (status.st_size, status.st_mtime_ns)
    return shape == (sighting.size, sighting.mtime_ns) and len(data) == sighting.size


def _explain_error(error: Exception) -> str:
    return explain_os_error(error) if isinstance(error, OSError) else type(error).__name__
