"""An engine in this process, whose results arrive in any order; and parts of made-up features."""

import numpy as np

from anomaly_gui.cluster.engine import Failure, list_merges
from anomaly_gui.cluster.training.part_store import PartRows, PartStore, write_part
from anomaly_gui.errors import UserError


class PlainEngine:
    """Works on parts in the order of a permutation drawn from a seed, as several workers would."""

    def __init__(self, seed=0):
        self._random = np.random.default_rng(seed)

    def map_parts(self, work, parts):
        for number in self._random.permutation(len(parts)):
            yield int(number), _work_on(work, int(number), parts[number])

    def reduce_parts(self, work, merge, parts):
        found = dict(self.map_parts(work, parts))
        for first, second, _ in list_merges(len(parts)):
            found[first] = merge(found[first], found.pop(second))
        return found[0]

    def cancel(self):
        pass


def _work_on(work, number, part):
    try:
        return work(part)
    except UserError as error:
        return Failure(number, str(error), ends_worker=False)


def store_parts(folder, vectors, sizes, name="vectors"):
    """Write rows as parts of so many, and return all of them as rows of parts."""
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    keys = tuple(f"part{number}-{name}" for number in range(len(sizes)))
    for number, key in enumerate(keys):
        rows = vectors[starts[number] : starts[number + 1]]
        write_part(folder, key, {name: rows} if len(rows) else {}, {})
    store = PartStore(folder, keys, starts)
    return PartRows(store, name, np.arange(len(vectors)), vectors[0].size, vectors.dtype)
