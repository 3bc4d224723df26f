"""What was judged for the operator since the shift began: verdicts as they were read, kept over restarts."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.detection.judging.relative_scores import format_relative
from anomaly_gui.detection.judging.verdicts import VERDICTS, Verdict
from anomaly_gui.figures.style import format_score
from anomaly_gui.gui.state.part_tag import PartTag
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from anomaly_gui.gui.state.session import Session


@dataclass(frozen=True)
class JudgedImage:
    """One verdict as the operator read it; a threshold that is moved later changes nothing of it.

    `relative` is the score against the threshold of then; earlier versions noted none.
    """

    when: datetime
    path: Path
    verdict: Verdict
    score: float | None
    part: PartTag
    relative: float | None = None

    def write_score(self, *, is_relative: bool) -> str:
        """Return the score as it is written, empty for none."""
        score = self.relative if is_relative else self.score
        if score is None:
            return ""
        return format_relative(score) if is_relative else format_score(score)


class ShiftBook(QObject):
    """Notes verdicts in a file a shift: a line of JSON each, written at once. Every product has its own."""

    changed = Signal()
    failed = Signal(str)  # the first time it cannot be written

    def __init__(self, folder: Path, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._is_failing = session, False
        self.use_folder(folder)

    def use_folder(self, folder: Path) -> None:
        """Go on with the shifts of a folder: with the one that was begun last, or a new one."""
        self._folder = folder
        self.since = datetime.now().astimezone()
        self.judged: list[JudgedImage] = []
        self._file = self._name_file()
        self._read_last_shift()
        self._counts = _count_verdicts(self.judged)
        self.changed.emit()

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many images got each verdict."""
        return dict(self._counts)

    @property
    def yield_share(self) -> float | None:
        """The share of good ones among those that were judged; None while there are none."""
        judged = sum(self._counts.values()) - self._counts[Verdict.CANNOT_JUDGE]
        return self._counts[Verdict.GOOD] / judged if judged else None

    @Slot(int, int)
    def note_rows(self, first: int, count: int) -> None:
        """Note so many rows of the session's table, from the first, as they are judged now."""
        now = datetime.now().astimezone()
        found = [self._read_row(row, now) for row in range(first, first + count)]
        for one in found:
            self._counts[one.verdict] += 1
        self.judged += found
        self._write_lines([_describe(one) for one in found])
        self.changed.emit()

    def _read_row(self, row: int, now: datetime) -> JudgedImage:
        one, scale = self._session.table.read_row(row), self._session.score_display.find_scale()
        relative = None if one.score is None or scale is None else scale.relate(one.score)
        return JudgedImage(now, one.path, self._session.find_verdict(row), one.score, one.part, relative)

    @Slot()
    def start_shift(self) -> None:
        """Count from zero, from now on; what was judged before stays in its file."""
        self.since, self.judged = datetime.now().astimezone(), []
        self._counts = _count_verdicts(())
        self._file = self._name_file()
        self._write_lines([])
        self.changed.emit()

    # The file

    def _name_file(self) -> Path:
        return self._folder / f"{self.since:%Y%m%dT%H%M%S.%f}.jsonl"

    def _write_lines(self, lines: list[dict[str, Any]]) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            is_new = not self._file.exists()
            with self._file.open("a", encoding="ascii") as file:
                if is_new:
                    file.write(json.dumps({"since": self.since.isoformat()}) + "\n")
                file.writelines(json.dumps(line) + "\n" for line in lines)
        except OSError as error:
            if not self._is_failing:
                self.failed.emit(
                    self.tr("The counts of this shift are not kept for a restart (%1).").replace(
                        "%1", explain_os_error(error)
                    )
                )
            self._is_failing = True
        else:
            self._is_failing = False

    def _read_last_shift(self) -> None:
        """Go on with the shift that was begun last; a line that was not written to its end is left out."""
        file = max(self._folder.glob("*.jsonl"), default=None)
        if file is None:
            return
        with suppress(OSError, ValueError, KeyError, TypeError), file.open(encoding="ascii") as lines:
            self.since = datetime.fromisoformat(json.loads(next(lines, ""))["since"])
            self._file = file
            for line in lines:
                with suppress(ValueError, KeyError, TypeError):
                    self.judged.append(_read_judged(json.loads(line)))


def _count_verdicts(judged: list[JudgedImage] | tuple[()]) -> dict[Verdict, int]:
    counts = dict.fromkeys(VERDICTS, 0)
    for one in judged:
        counts[one.verdict] += 1
    return counts


def _describe(one: JudgedImage) -> dict[str, Any]:
    return {
        "when": one.when.isoformat(),
        "path": str(one.path),
        "verdict": str(one.verdict),
        "score": one.score,
        "relative": one.relative,
        "part": one.part.number,
        "lot": one.part.lot,
    }


def _read_judged(line: dict[str, Any]) -> JudgedImage:
    return JudgedImage(
        datetime.fromisoformat(line["when"]),
        Path(line["path"]),
        Verdict(line["verdict"]),
        line["score"],
        PartTag(line["part"], line["lot"]),
        line.get("relative"),
    )
