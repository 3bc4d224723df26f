from pathlib import Path

import numpy as np

from anomaly_gui.detection.features.record_columns import RecordColumns, choose_records, list_sizes, paths_of
from anomaly_gui.detection.images.records import ImageRecord

FILES = [Path(f"part_{number}.png") for number in range(4)]
DIGESTS = np.arange(96, dtype=np.uint8).reshape(3, 32)
COLUMNS = RecordColumns(
    FILES, np.array([0, 2, 3]), DIGESTS, np.array([[8, 6], [8, 6], [9, 7]]), {2: ("is odd",)}
)
RECORDS = (
    ImageRecord(FILES[0], DIGESTS[0].tobytes().hex(), 8, 6),
    ImageRecord(FILES[2], DIGESTS[1].tobytes().hex(), 8, 6, ("is odd",)),
    ImageRecord(FILES[3], DIGESTS[2].tobytes().hex(), 9, 7),
)


def test_columns_are_read_as_the_records_they_stand_for():
    assert tuple(COLUMNS) == RECORDS and COLUMNS[-1] == RECORDS[-1]
    assert tuple(COLUMNS[1:]) == RECORDS[1:]


def test_some_are_chosen_as_of_any_records():
    some = np.array([0, 2])
    assert tuple(choose_records(COLUMNS, some)) == choose_records(RECORDS, some)


def test_sizes_are_those_of_the_records():
    assert list_sizes(COLUMNS) == list_sizes(RECORDS) == {(8, 6), (9, 7)}


def test_paths_are_those_of_the_records():
    assert list(paths_of(COLUMNS)) == list(paths_of(RECORDS)) == [FILES[0], FILES[2], FILES[3]]
