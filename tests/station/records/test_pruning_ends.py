"""Pictures are being removed, and the process ends at any moment of that."""

from contextlib import suppress
from dataclasses import replace

import pytest
from kept_pictures import OLD, SIZE, change_content, list_names, read_entries, record_pictures, verify
from line import make_line
from shop import EndOfProcess

from anomaly_gui.station import files, pruning
from anomaly_gui.station.pruning import prune_pictures
from anomaly_gui.station.settings.keep_settings import KeepRule, KeepSettings
from anomaly_gui.station.settings.reading import read_settings

STEPS = (
    (files, "identify_file"),
    (files, "remove_file"),
    (files, "sync_folder"),
    (pruning, "mark_pruning"),
    (pruning, "record_pruned"),
)


class _Ends:
    """Ends the process at a call of what touches the disk, before it is done or afterwards."""

    def __init__(self, patch, at, *, afterwards):
        self.calls, self._at, self._afterwards = 0, at, afterwards
        for room, name in STEPS:
            patch.setattr(room, name, self._wrap(getattr(room, name)))

    def _wrap(self, function):
        def call(*arguments, **options):
            self.calls += 1
            ends = self.calls == self._at
            if ends and not self._afterwards:
                raise EndOfProcess
            done = function(*arguments, **options)
            if ends:
                raise EndOfProcess
            return done

        return call


@pytest.mark.parametrize("afterwards", [False, True])
def test_an_end_at_any_moment_removes_each_once_and_counts_each_once(tmp_path, monkeypatch, afterwards):
    monkeypatch.setattr(pruning, "BATCH", 2)
    keep = KeepSettings({"good": KeepRule(days=30)})
    at, was_ended = 0, True
    while was_ended:
        at += 1
        line = make_line(tmp_path / f"{afterwards}{at}", "part.anomaly")
        settings = replace(read_settings(line.file), keep=keep)
        paths = record_pictures(settings, monkeypatch, [OLD, OLD, OLD, 1])
        change_content(paths[1])
        with monkeypatch.context() as patch:
            ends = _Ends(patch, at, afterwards=afterwards)
            with suppress(EndOfProcess):
                prune_pictures(settings)
            was_ended = ends.calls >= at
        prune_pictures(settings)
        assert list_names(paths) == ["cap_1.png", "cap_3.png"], at
        entries = read_entries(settings)
        assert [
            sum(entry[name] for entry in entries) for name in ("pictures", "bytes", "left_as_changed")
        ] == [
            2,
            2 * SIZE,
            1,
        ], at
        assert verify(settings).faults == []
        steps = line.ask("SELECT pruning, pruned_at IS NULL FROM step ORDER BY id")
        assert steps == [("PRUNED", 0), ("LEFT", 1), ("PRUNED", 0), (None, 1)]
    assert at > 10
