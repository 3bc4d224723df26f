"""Challenge the station with parts that are known: one that is judged wrongly locks it."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from anomaly_gui.errors import UserError
from anomaly_gui.language import keep, translate
from anomaly_gui.station import files
from anomaly_gui.station.capture.picture import Picture
from anomaly_gui.station.capture.sightings import is_picture_name
from anomaly_gui.station.ledger.linking import AuditEntry
from anomaly_gui.station.ledger.tables import REFERENCE
from anomaly_gui.station.settings.challenge_settings import DEFECT, FEWEST, GOOD
from anomaly_gui.station.watching import challenge_records as records
from anomaly_gui.station.watching.challenge_due import find_asked, is_due
from anomaly_gui.station.watching.challenge_records import KnownPart, Wrong
from anomaly_gui.station.watching.challenge_words import word_failure
from anomaly_gui.station.watching.signing import fail_challenge
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.station.judging.judged import PictureJudge
    from anomaly_gui.station.ledger.ledger import Ledger
    from anomaly_gui.station.settings.challenge_settings import ChallengeSettings
    from anomaly_gui.station.settings.shifts import Shift
    from anomaly_gui.station.watching.challenge_records import Entry


class Challenge:
    """The challenges of a station. Where one stands is in the records: it goes on after any end.

    Attributes
    ----------
    begun : the entry of the one that is going on; None for none
    is_wanted : whether one with real parts is due, which only people can begin
    has_failed : whether the last one locked the station
    """

    def __init__(
        self, settings: ChallengeSettings, shifts: Sequence[Shift], ledger: Ledger, judge: PictureJudge
    ) -> None:
        self._settings, self._shifts, self._ledger, self._judge = settings, shifts, ledger, judge
        self.begun: Entry | None = None
        self.is_wanted = self.has_failed = False
        self._coming: list[KnownPart] = []

    @property
    def expects_parts(self) -> bool:
        """Whether what comes before the camera is the challenge."""
        return self.begun is not None and not self._coming[0].path

    def count_expected(self) -> int:
        """Return how many parts have still to come; 0 where none is going on."""
        if self.begun is None:
            return 0
        return len(self._coming) - len(records.list_verdicts(self._ledger.engine, self.begun))

    def begin_if_due(self) -> None:
        """Take up what is going on, or begin what was asked for or is due; raises LedgerError."""
        engine, self.has_failed = self._ledger.engine, False
        begun = records.find_entry(engine, records.BEGUN)
        if records.is_after(begun, records.find_entry(engine, records.PASSED, records.FAILED)):
            self._take_up(begun)
            if self.begun is None:  # known pictures were missing, and the process ended before that locked
                self._begin_pictures()
            return
        asked = find_asked(engine)
        due = is_due(self._settings, self._shifts, begun, self._judge.by.sha256, time.time())
        has_pictures = self._settings.good is not None
        self.is_wanted = due and not has_pictures and asked is None
        if asked == records.PARTS:
            self._begin([KnownPart(known) for known in self._settings.order])
        elif asked == records.PICTURES or (due and has_pictures):
            self._begin_pictures()

    def _begin_pictures(self) -> None:
        try:
            self._begin(list_known(self._settings))
        except UserError as error:
            self._ledger.add_audit(AuditEntry(records.BEGUN, self._judge.by.sha256, records.write_parts([])))
            self._fail(AuditEntry(records.FAILED, why=str(error)), [])

    def _begin(self, parts: Sequence[KnownPart]) -> None:
        self._ledger.add_audit(AuditEntry(records.BEGUN, self._judge.by.sha256, records.write_parts(parts)))
        self._take_up(records.find_entry(self._ledger.engine, records.BEGUN))

    def _take_up(self, begun: Entry | None) -> None:
        self.begun = begun
        self._coming = [] if begun is None else records.read_parts(begun)
        if not self._coming:
            self.begun = None

    def judge_some(self) -> None:
        """Judge the next known pictures, and record them; raises LedgerError."""
        if self.begun is None or self.expects_parts:
            return
        done = len(self._coming) - self.count_expected()
        some = range(done, min(done + self._judge.at_once, len(self._coming)))
        pictures = self._find_troubles(
            [read_known(Path(self._coming[at].path), f"{self.begun.link}.{at}") for at in some]
        )
        parts = self._ledger.see_pictures(pictures)
        steps = {picture.occasion: part for picture, part in zip(pictures, parts, strict=True)}
        for judged in self._judge.judge_pictures(pictures):
            part = steps[judged.picture.occasion]
            self._ledger.record_judged(part, judged, judged.picture.path)
            self._ledger.mark_moved([part])

    def _find_troubles(self, pictures: Sequence[Picture]) -> list[Picture]:
        """Return pictures, with why those that are not whole cannot be judged."""
        troubles = self._judge.find_troubles([(picture.path, picture.data) for picture in pictures])
        pairs = zip(pictures, troubles, strict=True)
        return [replace(picture, trouble=picture.trouble or trouble) for picture, trouble in pairs]

    def end_if_complete(self) -> None:
        """Record how the challenge went once all of its parts are judged; raises LedgerError."""
        if self.begun is None:
            return
        verdicts = records.list_verdicts(self._ledger.engine, self.begun)
        if len(verdicts) < len(self._coming):
            return
        wrong = [
            Wrong(part.known, verdict, path)
            for part, (verdict, path) in zip(self._coming, verdicts, strict=False)
            if part.known != verdict
        ]
        end = _make_end(str(self.begun.link), wrong, len(self._coming))
        if wrong:
            self._fail(end, wrong)
        else:
            self._ledger.add_audit(end)
        self.begun = None

    def _fail(self, failed: AuditEntry, wrong: Sequence[Wrong]) -> None:
        fail_challenge(self._ledger.engine, failed, word_failure(failed.why, wrong))
        self.has_failed = True


def _make_end(begun: str, wrong: Sequence[Wrong], count: int) -> AuditEntry:
    if not wrong:
        why = keep("all of {count} known parts were judged rightly", count=count)
        return AuditEntry(records.PASSED, begun, why=why)
    why = keep("{wrong} of {count} known parts were judged wrongly", wrong=len(wrong), count=count)
    return AuditEntry(records.FAILED, begun, records.write_wrong(wrong), why)


def list_known(settings: ChallengeSettings) -> list[KnownPart]:
    """Return the known pictures; UserError where there are too few of them, or none to be had."""
    return [
        KnownPart(known, str(path))
        for known, folder in ((GOOD, settings.good), (DEFECT, settings.defect))
        for path in _list_pictures(known, folder)
    ]


def _list_pictures(known: str, folder: Path | None) -> list[Path]:
    if folder is None:
        raise UserError(
            translate("[challenge] names no folders of known pictures: begin it with real parts.")
        )
    try:
        found = sorted(path for path in folder.iterdir() if is_picture_name(path.name) and path.is_file())
    except OSError as error:
        why = explain_os_error(error)
        raise UserError(translate("{path} cannot be listed ({why}).", path=folder, why=why)) from error
    if len(found) < FEWEST:
        raise UserError(
            translate(
                "{path} holds {count} pictures that are known to be {known}; a challenge needs {least}.",
                path=folder,
                count=len(found),
                known=known,
                least=FEWEST,
            )
        )
    return found


def read_known(path: Path, occasion: str) -> Picture:
    """Return a known picture as the judge takes it; what cannot be read will be judged an error."""
    try:
        data, status = files.read_whole(path)
    except (OSError, MemoryError) as error:
        why = explain_os_error(error) if isinstance(error, OSError) else type(error).__name__
        trouble = translate("cannot be read ({why})", why=why)
        return Picture(
            path, 0, 0, "", source=REFERENCE, trouble=trouble, is_challenge=True, occasion=occasion
        )
    return Picture(
        path=path,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        source=REFERENCE,
        is_challenge=True,
        occasion=occasion,
    )
