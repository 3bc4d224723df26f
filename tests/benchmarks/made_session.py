"""A person at work in a project, by random: run by itself, it tells every decision until it is killed.

    python -m tests.benchmarks.made_session PROJECT PLACE LINE SEED

Before each decision a line says what is to change, after it another what there is then: `read_snapshot` has
to find one of both on the disk, whenever the end comes.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anomaly_gui.gui.state.journal_record import read_journal
from anomaly_gui.project.folder import ProjectFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.gui.main_window import MainWindow

State = dict[str, Any]
_PATIENCE = 600  # seconds


def read_snapshot(project: Path) -> State:
    """Return what a project's files say that was decided."""
    folder = ProjectFolder(project)
    document = folder.read()
    assert document.current is not None
    record = read_journal(folder.find_journal_file(document.current))
    labels = {path.name: int(label) for path, label in record.waiting.items()}
    rows = record.rows
    labels.update({row.path.name: int(row.label) for row in rows})
    entry = document.find_model(document.current)
    assert entry is not None
    for row, label in record.labels.items():
        if row >= entry.good:
            labels[rows[row - entry.good].path.name] = int(label)
    assert record.threshold is not None
    return {
        "labels": dict(sorted(labels.items())),
        "threshold": record.threshold.value,
        "excluded": sorted(path.name for path in document.corrected.excluded),
        "region": len(document.region),
        "note": document.models[0].note,
    }


def is_kept(found: State, before: State, change: State) -> bool:
    """Tell whether what was found is what there was, with the change that was being made or without it."""
    return all(
        found[name] == before[name] or (name in change and change[name] in (None, found[name]))
        for name in found
    )


def _take_snapshot(window: MainWindow) -> State:
    from anomaly_gui.gui.state.image_table import Origin

    table, document = window.session.table, window.services.project.document
    labels = {path.name: int(label) for path, label in window.session.waiting.items()}
    for row, path in enumerate(table.paths):
        if table.origins[row] == Origin.DROPPED:
            labels[path.name] = int(table.labels[row])
    assert window.session.threshold is not None
    return {
        "labels": dict(sorted(labels.items())),
        "threshold": window.session.threshold.value,
        "excluded": sorted(path.name for path in document.corrected.excluded),
        "region": len(document.region),
        "note": document.models[0].note,
    }


class _Person:
    """Decides by random."""

    def __init__(self, window: MainWindow, line: Path, seed: int) -> None:
        self.window, self._random = window, random.Random(seed)
        self._files = sorted(line.iterdir())

    def decide(self) -> tuple[State, Callable[[], object]]:
        """Return what is to change (None: not known before), and what changes it."""
        ways = (self._label, self._label, self._move, self._move, self._exclude, self._draw, self._note)
        return self._random.choice((*ways, *ways, self._score, self._train))()

    def _list_dropped(self) -> list[int]:
        from anomaly_gui.gui.state.image_table import Origin

        origins = self.window.session.table.origins.tolist()
        return [row for row, origin in enumerate(origins) if origin == Origin.DROPPED]

    def _label(self) -> tuple[State, Callable[[], object]]:
        from anomaly_gui.gui.state.image_table import ImageLabel

        rows = self._list_dropped()
        if not rows:
            return self._move()
        row, label = self._random.choice(rows), ImageLabel(self._random.randrange(3))
        name = self.window.session.table.paths[row].name
        labels = {**_take_snapshot(self.window)["labels"], name: int(label)}
        return {"labels": labels}, lambda: self.window.session.label_rows([row], label)

    def _move(self) -> tuple[State, Callable[[], object]]:
        value = -float(self._random.randrange(1, 10**6)) / 8
        return {"threshold": value}, lambda: self.window.session.thresholds.set_value(value)

    def _exclude(self) -> tuple[State, Callable[[], object]]:
        row, corrections = self._random.randrange(10), self.window.services.corrections
        wanted = not corrections.is_excluded(row)
        return {"excluded": None}, lambda: corrections.exclude_rows([row], wanted)

    def _draw(self) -> tuple[State, Callable[[], object]]:
        from anomaly_gui.detection.images.region_of_interest import RegionOfInterest, Shape

        shapes = self._random.randrange(4)
        shape = Shape("rectangle", ((0.2, 0.2), (0.7, 0.9)), keep=True)

        def draw() -> None:
            self.window.panel.region.set_region(RegionOfInterest((shape,) * shapes))
            self.window.choices.keep_choices()

        return {"region": shapes}, draw

    def _note(self) -> tuple[State, Callable[[], object]]:
        note, first = str(self._random.random()), self.window.services.project.document.models[0].name
        return {"note": note}, lambda: self.window.services.projects.set_note(first, note)

    def _score(self) -> tuple[State, Callable[[], object]]:
        files = tuple(self._random.sample(self._files, 3))
        judged = {self.window.session.table.paths[row] for row in self._list_dropped()}
        new = tuple(file for file in files if file not in judged)
        return {"labels": None}, lambda: new and _finish(self.window, self.window.workshop.score_images(new))

    def _train(self) -> tuple[State, Callable[[], object]]:
        from anomaly_gui.detection.datasets.train_request import TrainRequest
        from anomaly_gui.detection.settings.train_settings import TrainSettings

        settings = TrainSettings(detector="pooled", layer="block2_pool", size=32, false_alarm_rate=0.1)
        request = TrainRequest(self.window.panel.good.paths, settings=settings)
        train = self.window.workshop.train_model
        return {"threshold": None}, lambda: _finish(self.window, train(request))


def _finish(window: MainWindow, begun: object) -> None:
    from PySide6.QtTest import QTest

    deadline = time.monotonic() + _PATIENCE
    while window.workshop.is_busy and time.monotonic() < deadline:
        QTest.qWait(5)


def main() -> None:
    """Work until the end."""
    from PySide6.QtWidgets import QApplication

    from anomaly_gui.gui.main_window import MainWindow

    project, place, line = map(Path, sys.argv[1:4])
    app = QApplication([])
    window = MainWindow(place)
    window.services.projects.open_project(project)
    _finish(window, None)
    person = _Person(window, line, int(sys.argv[4]))
    print(json.dumps({"is": _take_snapshot(window)}), flush=True)
    while True:
        change, decide = person.decide()
        print(json.dumps({"change": change}), flush=True)
        decide()
        app.processEvents()
        print(json.dumps({"is": _take_snapshot(window)}), flush=True)


if __name__ == "__main__":
    main()
