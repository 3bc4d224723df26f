"""Part files: what is not there or is damaged is never taken for features."""

import os

import numpy as np
import pytest
from plain_engine import store_parts

from anomaly_gui.cluster.training.part_store import PartRows, read_facts, write_part
from anomaly_gui.cluster.training.row_tasks import split_by_home, split_by_part
from anomaly_gui.errors import UserError

ROWS = np.arange(24, dtype=np.float32).reshape(8, 3)


@pytest.mark.parametrize("name", ["vectors", "cells", "fingerprints"])
def test_a_folder_that_lacks_a_part_is_not_the_same_one(tmp_path, name):
    stored = store_parts(tmp_path, ROWS, [4, 4], name)
    (tmp_path / f"part1-{name}").rename(tmp_path / "elsewhere")
    assert stored[:4].tolist() == ROWS[:4].tolist()
    with pytest.raises(UserError, match="not the same folder"):
        stored[:8]
    (tmp_path / "elsewhere").rename(tmp_path / f"part1-{name}")
    assert stored[:8].tolist() == ROWS.tolist()


def test_only_fingerprints_may_be_missing_from_a_part(tmp_path):
    stored = store_parts(tmp_path, ROWS, [4, 4])
    assert not PartRows(stored.store, "fingerprints", np.arange(8), 5, np.uint8)[:8].any()
    with pytest.raises(UserError, match="not the same folder"):
        PartRows(stored.store, "cells", np.arange(8), 5, np.uint8)[:8]


@pytest.mark.parametrize(("name", "kept"), [("facts.json", 0), ("vectors.npy", 0), ("vectors.npy", 140)])
def test_a_part_that_was_cut_is_written_anew(tmp_path, name, kept):
    write_part(tmp_path, "key", {"vectors": ROWS}, {"rows": 8})
    assert read_facts(tmp_path, "key") == {"rows": 8}
    file = tmp_path / "key" / name
    file.write_bytes(file.read_bytes()[:kept])
    assert read_facts(tmp_path, "key") is None
    write_part(tmp_path, "key", {"vectors": ROWS}, {"rows": 8})
    assert read_facts(tmp_path, "key") == {"rows": 8}
    assert np.array_equal(np.load(tmp_path / "key" / "vectors.npy"), ROWS)


def test_a_part_that_is_whole_stays(tmp_path):
    write_part(tmp_path, "key", {"vectors": ROWS}, 1)
    write_part(tmp_path, "key", {"vectors": ROWS + 1}, 2)
    assert read_facts(tmp_path, "key") == 1
    assert [each.name for each in tmp_path.iterdir()] == ["key"]


def test_a_part_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    synced = []

    def sync(number):
        assert not (tmp_path / "key").exists()
        synced.append(os.fstat(number).st_size)

    monkeypatch.setattr(os, "fsync", sync)
    write_part(tmp_path, "key", {"vectors": ROWS, "cells": ROWS}, {})
    assert sorted(synced) == sorted(file.stat().st_size for file in (tmp_path / "key").iterdir())


def test_tasks_are_rows_of_a_part_with_whole_groups(tmp_path):
    store = store_parts(tmp_path, ROWS, [3, 0, 5]).store
    rows, groups = np.array([0, 2, 3, 6, 7], np.int32), np.array([0, 1, 0, 2, 2])
    by_part, by_home = split_by_part(store, rows, groups), split_by_home(store, rows, groups)
    assert [task.rows.tolist() for task in by_part] == [[0, 2], [3, 6, 7]]
    assert [task.firsts.tolist() for task in by_part] == [[True, True], [False, True, False]]
    assert [task.rows.tolist() for task in by_home] == [[0, 2, 3], [6, 7]]
    assert [task.which.tolist() for task in by_home[0:2]] == [[0, 1, 2], [3, 4]]
    assert by_home[1].groups.tolist() == [2, 2]
    assert len(split_by_part(store, rows[:0], groups[:0])) == 0
