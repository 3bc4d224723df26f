"""Pictures that need not be kept: which go, that nothing else does, and what ends in between leave."""

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from kept_pictures import DAY_NS, OLD, SIZE, change_content, list_names, read_entries, record_pictures, verify
from line import make_line, save_picture, wait_until
from shop import count_left, work_until
from typer.testing import CliRunner

from anomaly_gui.cli.app import app
from anomaly_gui.station import files, pruning
from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.ledger.engine import LedgerError, open_engine
from anomaly_gui.station.ledger.outbox import LedgerOutbox
from anomaly_gui.station.ledger.reading import ResultFilter, find_results
from anomaly_gui.station.ledger.tables import REFERENCE
from anomaly_gui.station.outputs.lock import ProcessLock
from anomaly_gui.station.pruning import HourlyPruning, foresee_pruning, prune_pictures
from anomaly_gui.station.server.forwarded import note_forwarded
from anomaly_gui.station.settings.keep_settings import KeepRule, KeepSettings
from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings
from anomaly_gui.station.settings.reading import read_settings

OUTPUT = '[outputs.mes]\nkind = "csv"\npath = "all.csv"\n'


def test_what_is_older_than_its_days_goes_and_rows_stay(settings, monkeypatch):
    good = record_pictures(settings, monkeypatch, [OLD, 31, 29, 0])
    defects = record_pictures(settings, monkeypatch, [OLD, 0], StationVerdict.DEFECT, first=10)
    pruned = prune_pictures(settings)
    assert list_names(good) == ["cap_2.png", "cap_3.png"]
    assert list_names(defects) == ["cap_10.png", "cap_11.png"]
    assert (pruned.pictures, pruned.bytes, pruned.trouble) == ({"good": 2}, {"good": 2 * SIZE}, "")
    (entry,) = read_entries(settings)
    assert (entry["pictures"], entry["bytes"], entry["up_to"]) == (2, 2 * SIZE, 2)
    found = verify(settings)
    assert (found.results, found.faults) == (6, [])
    shown = find_results(settings.ledger_file, ResultFilter(), 10)
    assert [row.seq for row in shown if row.pruned_at] == [2, 1]
    assert prune_pictures(settings).pictures == {}
    assert len(read_entries(settings)) == 1


def test_a_folder_that_is_too_large_loses_its_oldest(settings, monkeypatch):
    paths = record_pictures(settings, monkeypatch, [9, 8, 7, 6, 5])
    rule = KeepRule(gigabytes=2.5 * SIZE / 1e9)
    settings = replace(settings, keep=KeepSettings({"good": rule}))
    assert foresee_pruning(settings).pictures == {"good": 3}
    assert len(list_names(paths)) == 5
    prune_pictures(settings)
    assert list_names(paths) == ["cap_3.png", "cap_4.png"]
    assert prune_pictures(settings).pictures == {}


def test_known_pictures_of_a_challenge_neither_go_nor_count(settings, monkeypatch):
    known = record_pictures(settings, monkeypatch, [OLD, 9, 8], source=REFERENCE, is_challenge=True)
    real_parts = record_pictures(settings, monkeypatch, [OLD], first=5, is_challenge=True)
    taken = record_pictures(settings, monkeypatch, [7, 6], first=10)
    rule = KeepRule(days=30, gigabytes=2.5 * SIZE / 1e9)
    settings = replace(settings, keep=KeepSettings({"good": rule}))
    begun = "UPDATE step SET pruning = 'PRUNING' WHERE id = (SELECT id FROM result WHERE seq = 2)"
    with closing(sqlite3.connect(settings.ledger_file)) as records:  # by a station that knew no better
        records.execute(begun)
        records.commit()
    assert foresee_pruning(settings).pictures == {"good": 1}
    assert prune_pictures(settings).pictures == {"good": 1}
    assert list_names(real_parts) == []
    assert len(list_names([*known, *taken])) == 5


def test_both_rules_together_and_a_clock_that_was_wrong_once(settings, monkeypatch):
    paths = record_pictures(settings, monkeypatch, [-500, OLD, 9, OLD, 8, 7])
    rule = KeepRule(days=30, gigabytes=2.5 * SIZE / 1e9)
    settings = replace(settings, keep=KeepSettings({"good": rule}))
    assert foresee_pruning(settings).pictures == {"good": 4}
    assert prune_pictures(settings).pictures == {"good": 4}
    assert list_names(paths) == ["cap_0.png", "cap_5.png"]  # by what the clock said
    assert prune_pictures(settings).pictures == {}


def test_many_go_in_batches_with_an_entry_each(settings, monkeypatch):
    monkeypatch.setattr(pruning, "BATCH", 4)
    paths = record_pictures(settings, monkeypatch, [OLD] * 10)
    assert foresee_pruning(settings).pictures == {"good": 10}
    assert prune_pictures(settings).pictures == {"good": 10}
    assert list_names(paths) == []
    assert [entry["pictures"] for entry in read_entries(settings)] == [4, 4, 2]


def test_nothing_goes_before_every_output_and_the_server_have_it(settings, monkeypatch, tmp_path):
    line = make_line(tmp_path / "other", "part.anomaly", more=OUTPUT)
    server = PostgresqlSettings("postgresql://db/plant")
    settings = replace(read_settings(line.file), keep=settings.keep, postgresql=server)
    paths = record_pictures(settings, monkeypatch, [OLD, OLD, OLD])
    assert prune_pictures(settings).pictures == {}
    outbox = LedgerOutbox(settings.ledger_file)
    outbox.acknowledge("mes", [1, 2])
    outbox.close()
    assert prune_pictures(settings).pictures == {}
    engine = open_engine(settings.ledger_file)
    note_forwarded(engine, "elsewhere:5432/plant", 9)
    assert prune_pictures(settings).pictures == {}
    note_forwarded(engine, server.name, 1)
    assert prune_pictures(settings).pictures == {"good": 1}
    note_forwarded(engine, server.name, 9)
    engine.dispose()
    assert prune_pictures(settings).pictures == {"good": 1}
    assert list_names(paths) == ["cap_2.png"]


def _change_size(path):
    path.write_bytes(path.read_bytes() + b"more")


def _write_same_later(path):
    os.utime(path, ns=(0, path.stat().st_mtime_ns + DAY_NS))


def _link_elsewhere(path):
    path.rename(path.with_suffix(".kept"))
    path.symlink_to(path.with_suffix(".kept"))


def _make_folder(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "change", [change_content, _change_size, _write_same_later, _link_elsewhere, _make_folder]
)
def test_what_is_not_what_was_recorded_stays(settings, monkeypatch, change):
    changed, other = record_pictures(settings, monkeypatch, [OLD, OLD])
    change(changed)
    pruned = prune_pictures(settings)
    assert os.path.lexists(changed)
    assert not other.exists()
    assert (pruned.left, pruned.pictures) == (1, {"good": 1})
    assert read_entries(settings)[0]["left_as_changed"] == 1
    shown = find_results(settings.ledger_file, ResultFilter(), 2)
    assert [row.pruned_at is None for row in shown] == [False, True]


def test_a_picture_that_changes_while_it_is_read_stays(settings, monkeypatch):
    (path,) = record_pictures(settings, monkeypatch, [OLD])
    real = files.identify_file

    def change_afterwards(given):
        found = real(given)
        _change_size(given)
        return found

    monkeypatch.setattr(files, "identify_file", change_afterwards)
    assert prune_pictures(settings).left == 1
    assert path.exists()


def test_files_that_nobody_recorded_stay(settings, monkeypatch):
    (path,) = record_pictures(settings, monkeypatch, [OLD])
    others = [path.with_name("mine.png"), path.parent.parent / "mine.png"]
    for other in others:
        other.write_bytes(path.read_bytes())
        os.utime(other, ns=(0, 0))
    prune_pictures(settings)
    assert list_names([path, *others]) == ["mine.png", "mine.png"]


def test_what_was_removed_by_someone_else_is_not_told_as_removed(settings, monkeypatch):
    first, _ = record_pictures(settings, monkeypatch, [OLD, OLD])
    first.unlink()
    assert prune_pictures(settings).pictures == {"good": 1}
    assert (read_entries(settings)[0]["were_gone"], read_entries(settings)[0]["pictures"]) == (1, 1)


def test_pictures_of_a_share_that_is_away_do_not_count_as_gone(settings, monkeypatch):
    (path,) = record_pictures(settings, monkeypatch, [OLD])
    path.parent.rename(path.parent.with_name("away"))
    assert str(path) in prune_pictures(settings).trouble
    path.parent.with_name("away").rename(path.parent)
    assert read_entries(settings) == []
    assert prune_pictures(settings).pictures == {"good": 1}


def test_what_cannot_be_removed_is_tried_again_and_holds_up_no_other(settings, monkeypatch):
    first, second = record_pictures(settings, monkeypatch, [OLD, OLD])
    real = files.remove_file

    def refuse(path, read):
        if path == first:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, read)

    with monkeypatch.context() as patch:
        patch.setattr(files, "remove_file", refuse)
        assert "Permission" in prune_pictures(settings).trouble
    assert list_names([first, second]) == [first.name]
    assert prune_pictures(settings).pictures == {"good": 1}
    assert sum(entry["pictures"] for entry in read_entries(settings)) == 2


def test_two_do_not_remove_at_the_same_time(settings, monkeypatch):
    record_pictures(settings, monkeypatch, [OLD])
    lock = ProcessLock(settings.records / "pruning.lock")
    assert lock.try_taking()
    with pytest.raises(LedgerError, match="already"):
        prune_pictures(settings)
    lock.give_back()
    assert prune_pictures(settings).pictures == {"good": 1}


def test_the_station_removes_them_once_an_hour(settings, monkeypatch):
    paths = record_pictures(settings, monkeypatch, [OLD, 0])
    with closing(HourlyPruning(settings, every=0.05)) as hourly:
        wait_until(lambda: list_names(paths) == ["cap_1.png"])
        (later,) = record_pictures(settings, monkeypatch, [OLD], first=5)
        wait_until(lambda: not later.exists())
        assert hourly.trouble == ""
    with closing(HourlyPruning(replace(settings, records=Path("/nowhere")), every=0.05)) as hourly:
        wait_until(lambda: hourly.trouble)


def test_the_command(line, judge):
    for number in range(3):
        save_picture(line.incoming / f"cap_{number}.png", seed=number)
    work_until(line, judge, lambda: count_left(line) == 0)
    content = line.file.read_text("utf-8")
    line.file.write_text(content + "[keep.good]\ngigabytes = 0.001\n", "utf-8")
    run = CliRunner().invoke
    assert "good: 0 pictures" in run(app, ["station", "prune", str(line.file), "--dry-run"]).output
    line.file.write_text(content + "[keep.good]\ndays = 0.001\n", "utf-8")
    with closing(sqlite3.connect(line.ledger)) as records:
        records.execute("UPDATE result SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 2")
        records.commit()
    foreseen = run(app, ["station", "prune", str(line.file), "--dry-run"]).output
    assert "good: 1 pictures" in foreseen
    assert "Nothing was removed" in foreseen
    assert len(line.list_files()) == 3
    assert "good: 1 pictures" in run(app, ["station", "prune", str(line.file)]).output
    assert len(line.list_files()) == 2
    assert "(picture removed at 2" in run(app, ["station", "show", str(line.file)]).output
