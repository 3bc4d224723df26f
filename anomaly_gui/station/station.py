"""The loop of a station: pictures are taken, judged, recorded and, last of all, moved.

Whatever ends it at any moment, the ledger says how far each part had come, and the next start goes on there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from anomaly_gui.language import keep, translate
from anomaly_gui.station.capture.picture import Picture
from anomaly_gui.station.judging.judged import Judged, StationVerdict
from anomaly_gui.station.judging.process import JudgingError
from anomaly_gui.station.ledger.engine import LedgerError
from anomaly_gui.station.ledger.linking import AuditEntry
from anomaly_gui.station.ledger.paths_in_rows import write_path
from anomaly_gui.station.ledger.tables import JUDGED, MOVED, SEEN
from anomaly_gui.station.moving import (
    BAD,
    CHALLENGE,
    DUPLICATE,
    Places,
    Unfinished,
    is_away,
    move_pictures,
)
from anomaly_gui.station.settings.station_settings import MOVE
from anomaly_gui.station.state_file import LOCKED
from anomaly_gui.station.watching.watch import Unwatched
from anomaly_gui.wording import duration, explain_os_error

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from anomaly_gui.station.capture.picture import Capture
    from anomaly_gui.station.judging.judged import PictureJudge
    from anomaly_gui.station.ledger.ledger import Ledger, PartSteps
    from anomaly_gui.station.settings.station_settings import FolderSettings
    from anomaly_gui.station.state_file import StateFile
    from anomaly_gui.station.watching.watch import Watching

_RECORDS, _JUDGING, _MOVING, _BACKLOG = "records", "judging", "moving", "backlog"
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds
_MOST_AT_ONCE = 16


@dataclass
class Pause:
    """How long to wait after a fault: 1 second, then twice as long each time, up to 60."""

    seconds: float = 0.0
    until: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether to try again."""
        return time.monotonic() >= self.until

    def lengthen(self) -> None:
        """Wait, longer than before."""
        self.seconds = min(max(2 * self.seconds, _FIRST_PAUSE), _LONGEST_PAUSE)
        self.until = time.monotonic() + self.seconds

    def reset(self) -> None:
        """Wait no more."""
        self.seconds = self.until = 0.0


class Station:
    """One station at work.

    Parameters
    ----------
    settings : of the folder
    describe_more : what else the state says, such as how outputs are
    find_obstacle : returns why nothing may be judged now; "" where it may
    watch : challenges the station, and warns; None: nobody does
    """

    def __init__(
        self,
        settings: FolderSettings,
        ledger: Ledger,
        judge: PictureJudge,
        capture: Capture,
        state: StateFile,
        describe_more: Callable[[], dict[str, Any]] = dict,
        find_obstacle: Callable[[], str] = str,
        watch: Watching | None = None,
    ) -> None:
        self._settings, self._ledger, self._judge = settings, ledger, judge
        self._capture, self._state, self._describe_more = capture, state, describe_more
        self._find_obstacle = find_obstacle
        self._watch = watch or Unwatched()
        self._places = Places(settings.judged, ledger.has_path)
        self._open = Unfinished()
        self._pause, self._moving_pause = Pause(), Pause()
        self._next_search = time.monotonic() + settings.patience
        self._at_once = max(1, min(judge.at_once, _MOST_AT_ONCE))

    def resume(self) -> None:
        """Go on where an earlier process ended."""
        parts = self._ledger.list_open()
        self._open.unmoved = {part.id: part for part in parts if part.step == JUDGED}

    def run_until(self, is_over: Callable[[], bool]) -> None:
        """Work until it is over."""
        self.resume()
        while not is_over():
            if not self.take_turn():
                self._capture.wait_for_more(self._settings.every)

    def take_turn(self) -> bool:
        """Judge what is ready and move what is judged; tell whether there was anything to judge."""
        judged = False
        if self._pause.is_over:
            try:
                self._state.record_alarms()
                self._move_judged()  # what an earlier process left, and what could not be moved
                if not self._is_locked():
                    judged = self._watch.tend()
                    judged = self._judge_ready() or judged
                    self._move_judged()
                    self._search_gone()
                self._note_fault(None)
            except (LedgerError, JudgingError) as error:
                self._note_fault(error)
        self._beat()
        return judged

    def _is_locked(self) -> bool:
        """Tell whether pictures have to wait, alarm where they do, and go on listing them."""
        obstacle = self._find_obstacle()
        if obstacle != self._state.read_alarm(LOCKED):
            self._state.set_alarm(LOCKED, "")  # another reason is another alarm
        self._state.set_alarm(LOCKED, obstacle)
        if obstacle:
            self._capture.take_pictures(0)
        return bool(obstacle)

    def _note_fault(self, error: LedgerError | JudgingError | None) -> None:
        """Wait after what stops judging, and say so."""
        if error is None:
            self._pause.reset()
        else:
            self._pause.lengthen()
        if not isinstance(error, JudgingError):  # of judging nothing is known where records cannot be written
            self._state.set_alarm(_RECORDS, str(error or ""))
        if not isinstance(error, LedgerError):
            self._state.set_alarm(_JUDGING, str(error or self._judge.take_trouble()))

    def _beat(self) -> None:
        """Say that judging goes on, or that it does not."""
        for name, text in self._capture.alarms.items():
            self._state.set_alarm(name, text)
        self._state.beat(self._describe, is_judging=self._pause.is_over)

    def _describe(self) -> dict[str, Any]:
        backlog = self._capture.measure_backlog()
        waited = backlog.oldest_seconds
        late = translate("Pictures wait for {duration}.", duration=duration(waited))
        self._state.set_alarm(_BACKLOG, late if waited > self._settings.alarm_after else "")
        told = {"count": backlog.count, "oldest_seconds": round(waited, 1)}
        return {"backlog": told, "model": self._judge.by.name, **self._describe_more()}

    def _judge_ready(self) -> bool:
        """Take pictures through all steps but the last; what cannot be recorded is given back."""
        pictures = self._split_copies(self._capture.take_pictures(self._watch.limit_parts(self._at_once)))
        done: set[str] = set()
        try:
            parts = self._ledger.see_pictures(pictures)
            for picture, part in zip(pictures, parts, strict=True):
                if part.step != SEEN:
                    self._settle_known(picture, part)
                    done.add(picture.identity)
            self._judge_new(
                [(one, part) for one, part in zip(pictures, parts, strict=True) if part.step == SEEN], done
            )
        except (LedgerError, JudgingError):
            self._capture.give_back([one for one in pictures if one.identity not in done])
            raise
        return bool(pictures)

    def _split_copies(self, pictures: Sequence[Picture]) -> list[Picture]:
        """Return pictures that differ; copies of them come again when these are judged."""
        first = {picture.identity: picture for picture in reversed(pictures)}
        self._capture.give_back([one for one in pictures if first[one.identity] is not one])
        return [one for one in pictures if first[one.identity] is one]

    def _judge_new(self, new: Sequence[tuple[Picture, PartSteps]], done: set[str]) -> None:
        parts = {picture.identity: part for picture, part in new}
        for judged in self._judge.judge_pictures(self._watch.mark_pictures([picture for picture, _ in new])):
            picture = judged.picture
            part = parts[picture.identity]
            target = self._choose_target(judged, part)
            seq = self._ledger.record_judged(part, judged, target)
            self._watch.note_result(seq, judged)
            self._open.unmoved[part.id] = replace(part, step=JUDGED, target=target)
            done.add(picture.identity)
            self._beat()

    def _choose_target(self, judged: Judged, part: PartSteps) -> Path:
        """Return where a picture will be."""
        if self._settings.after != MOVE:
            return judged.picture.path
        folder = BAD if judged.picture.trouble else judged.verdict.value
        folder = CHALLENGE if judged.picture.is_challenge else folder
        return self._places.choose_target(judged.picture.path.name, folder, part.id)

    def _settle_known(self, picture: Picture, part: PartSteps) -> None:
        """See to a picture whose part is judged already: it was renamed, or came twice."""
        if part.step == JUDGED and part.path == picture.path:
            self._open.unmoved[part.id] = part  # recorded, though the disk said that it was not
            return
        was_renamed = is_away(part) if part.step == JUDGED else False
        if was_renamed is None:  # nobody knows yet: it comes again
            self._capture.give_back([picture])
            return
        if was_renamed:
            self._ledger.note_path(part, picture.path)
            self._open.unmoved[part.id] = replace(part, path=picture.path)
            return
        if self._settings.after == MOVE:
            self._move_copy(picture, part)

    def _move_copy(self, picture: Picture, part: PartSteps) -> None:
        """Record that a picture came twice, and put the copy aside."""
        target = self._places.choose_target(picture.path.name, DUPLICATE, part.id)
        before, after = write_path(picture.path), write_path(target)
        self._ledger.add_audit(AuditEntry("copy", before, after, _name_part(part)), once=True)
        copy = replace(part, step=MOVED, path=picture.path, target=target)
        moved, _, trouble = move_pictures([copy])
        self._open.note_copy(picture.path, is_stuck=trouble is not None)
        self._note_moving(trouble)
        if moved:
            self._capture.let_go([picture.path])
        elif trouble:
            self._capture.give_back([picture])

    def _move_judged(self) -> None:
        """Move some of the pictures that are judged; one that cannot be moved holds up no other."""
        if not self._open.unmoved:
            self._note_moving(None)  # such as of before the start
            return
        tries_all, stuck = self._moving_pause.is_over, len(self._open.stuck)
        moved, gone, trouble = move_pictures(self._open.take_some(with_stuck=tries_all))
        self._ledger.mark_moved(moved)
        for part in moved:
            self._open.forget(part)
        self._capture.let_go([part.path for part in moved if part.path != part.target])
        self._open.stuck -= {part.id for part in gone}
        if len(self._open.stuck) < stuck:  # that others are moved is no reason to try these each turn
            self._moving_pause.reset()
        elif tries_all and trouble is not None:
            self._moving_pause.lengthen()
        self._note_moving(trouble)
        for part in gone:
            if self._is_gone_for_good(part):
                self._ledger.add_audit(AuditEntry("gone", write_path(part.path), why=_name_part(part)))
                self._ledger.mark_moved([part])
                self._open.forget(part)

    def _note_moving(self, trouble: OSError | None) -> None:
        """Alarm that pictures cannot be moved, until all can."""
        if trouble is not None:
            told = translate("Judged pictures cannot be moved ({why}).", why=explain_os_error(trouble))
            self._state.set_alarm(_MOVING, told)
        elif not self._open.is_stuck:
            self._state.set_alarm(_MOVING, "")

    def _is_gone_for_good(self, part: PartSteps) -> bool:
        """Tell whether a picture has been away for so long that it was not only renamed."""
        since = self._open.gone_since.setdefault(part.id, time.monotonic())
        return (
            time.monotonic() - since >= self._settings.patience and not self._capture.measure_backlog().count
        )

    def _search_gone(self) -> None:
        """Record as errors the parts that were seen and whose pictures went away before they were judged."""
        if time.monotonic() < self._next_search:
            return
        self._next_search = time.monotonic() + self._settings.patience / 4
        for part in self._ledger.list_open():
            if part.step == SEEN and is_away(part) and self._is_gone_for_good(part):
                reason = translate("the picture was gone before it could be judged")
                picture = Picture(part.path, part.size, part.mtime_ns, part.sha256, trouble=reason)
                judged = Judged(picture, StationVerdict.ERROR, self._judge.by, reason=reason)
                self._ledger.record_judged(part, judged, part.path)
                self._ledger.mark_moved([part])


def _name_part(part: PartSteps) -> str:
    return keep("of part {part}", part=part.id)
