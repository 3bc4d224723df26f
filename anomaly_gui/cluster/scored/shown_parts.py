"""Which of very many good images show one part: found by the workers, as in a training."""

from __future__ import annotations

import shutil
import uuid
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.cluster.training.near_duplicates import find_near_duplicates
from anomaly_gui.cluster.training.part_store import PartRows, PartStore, forget_arrays, write_part
from anomaly_gui.detection.features.collection import Fingerprints
from anomaly_gui.detection.grouping.groups import group_found
from anomaly_gui.detection.grouping.neighbours import EXACT_UP_TO
from anomaly_gui.detection.images.path_list import ChosenPaths
from anomaly_gui.detection.model.promise_check import number_parts
from anomaly_gui.detection.settings.choices import AUTOMATIC

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anomaly_gui.cluster.engine import Engine
    from anomaly_gui.detection.arrays.kinds import IntArray
    from anomaly_gui.detection.model.judged_columns import JudgedColumns

FOLDER = "compared"
"""The folder in a place of results where rows lie that are compared."""

_ROWS_A_PART = 4096


def number_shown_parts(
    engine: Engine, where: Path | None, images: JudgedColumns, which: IntArray
) -> IntArray:
    """Return what `number_parts` does; of more images than one machine compares exactly workers do.

    Parameters
    ----------
    where : a folder that every worker reaches; None: this machine does it
    """
    rows = images.find_rows(which)
    if where is None or rows is None or len(rows) <= EXACT_UP_TO or images.vectors is None:
        return number_parts(images, which)
    folder, prints = where / FOLDER, images.fingerprints.select_images(rows)
    if not prints.has_fingerprint.any():
        return number_parts(images, which)
    shutil.rmtree(folder, ignore_errors=True)  # of a command that ended
    try:
        columns = {"vectors": images.vectors.choose(rows), "fingerprints": prints.rows}
        stored = _store_rows(folder, columns)
        compared = Fingerprints(stored["fingerprints"], prints.has_fingerprint)
        found = find_near_duplicates(engine, stored["vectors"], compared)
    finally:
        forget_arrays()
        shutil.rmtree(folder, ignore_errors=True)
    return group_found(AUTOMATIC, ChosenPaths(images.files, which), found, prints.has_fingerprint).numbers


def _store_rows(folder: Path, columns: Mapping[str, Any]) -> dict[str, PartRows]:
    """Write rows as parts that every worker can read, and return them as such."""
    count = len(columns["vectors"])
    starts = np.append(np.arange(0, count, _ROWS_A_PART), count)
    about = uuid.uuid4().hex  # no worker takes what it had open of another command for these
    keys = tuple(f"{about}-{number:06}" for number in range(len(starts) - 1))
    for key, first, end in zip(keys, starts[:-1], starts[1:], strict=True):
        write_part(folder, key, {name: rows[int(first) : int(end)] for name, rows in columns.items()}, {})
    store, every = PartStore(folder, keys, starts), np.arange(count)
    return {name: PartRows(store, name, every, rows.shape[1], rows.dtype) for name, rows in columns.items()}
