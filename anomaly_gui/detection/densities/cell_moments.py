"""Means and covariances of cells, from sums over a `CellStore`, and their inverses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.runtimes.machine import count_cores
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import FloatArray

CELLS_AT_ONCE = 64
_ROWS_FOR_ALL_CORES = 32
_SMALL_SIDE = 32  # of a matrix that is inverted in one go
_BITS = 22  # of the ridge; of the variance, five times as much, as many as single precision has
_OFF_TIES = 0.382  # products of half precision lie midway between two steps as often as not


def sum_moments(store: CellStore) -> tuple[FloatArray, FloatArray]:
    """Return means, (cells, channels), and covariances, (cells, channels, channels), in one pass, float64."""
    count, (cells, channels) = len(store), (store.cells, store.channels)
    # about the first image: sums of squares about nought would lose the digits that differ
    first = store.read_cells(np.zeros(1, np.int64))[0].astype(np.float64)
    total, scatter = np.zeros((cells, channels)), np.zeros((cells, channels, channels))
    add_cells(store, first, total, scatter)
    offset = total / count

    def centre_part(part: slice) -> None:
        scatter[part] /= count
        scatter[part] -= offset[part, :, None] * offset[part, None, :]

    work_on_parts(centre_part, cells, channels)
    return first + offset, scatter


def add_cells(
    store: CellStore, about: FloatArray, total: FloatArray, scatter: FloatArray, sign: int = 1
) -> None:
    """Add the images of a store to sums in double precision, or take them out with the sign -1.

    Parameters
    ----------
    about : (cells, channels), what the sums are about
    total, scatter : (cells, channels) and (cells, channels, channels) float64, added to in place
    """
    for _, batch in store.read_batches():

        def add_part(part: slice, batch: FloatArray = batch) -> None:
            offsets = np.subtract(batch[:, part], about[part], dtype=np.float64).transpose(1, 0, 2)
            total[part] += sign * offsets.sum(axis=1)
            scatter[part] += sign * (offsets.transpose(0, 2, 1) @ offsets)

        work_on_parts(add_part, store.cells, len(batch))


def choose_ridges(covariances: FloatArray, share: float) -> FloatArray:
    """Return what is added to each variance of a cell, (cells,): a share of the mean one.

    Raises
    ------
    ValueError : nothing varies
    """
    channels = covariances.shape[1]
    variances = np.trace(covariances, axis1=1, axis2=2) / channels
    typical = float(np.median(variances[variances > 0])) if (variances > 0).any() else 0.0
    if typical <= np.finfo(np.float32).eps:
        raise ValueError(
            translate("the features of every cell are the same in every image: there is nothing to learn")
        )
    # a cell that never varied (a masked corner) is as stiff as a hundredth of a usual one, not infinitely
    ridges: FloatArray = share * np.maximum(variances, typical / 100)
    return ridges


def drop_last_bits(covariances: FloatArray, ridges: FloatArray) -> None:
    """Round covariances, (cells, channels, channels), in place, to what single precision tells apart.

    Their last bits hang on the order in which images were added up. So would what single precision keeps of
    their inverses, and all that follows: here and there by a 10^7th, a million times as much as sums differ.

    Parameters
    ----------
    ridges : (cells,) what will be added to each variance, from which it follows how fine is fine enough
    """
    steps = np.ldexp(1.0, np.frexp(ridges)[1] - _BITS)[:, None, None]  # powers of two: exact

    def round_part(part: slice) -> None:
        covariances[part] /= steps[part]
        covariances[part] += _OFF_TIES
        np.rint(covariances[part], out=covariances[part])
        covariances[part] -= _OFF_TIES
        covariances[part] *= steps[part]

    work_on_parts(round_part, len(covariances), covariances.shape[1])


def invert_covariances(covariances: FloatArray, ridges: FloatArray) -> FloatArray:
    """Return `L`, (cells, channels, channels) float32 lower triangular, with `L' L` the inverses."""
    channels = covariances.shape[1]
    factors = np.empty(covariances.shape, np.float32)

    def invert_part(part: slice) -> None:
        regularized = covariances[part] + ridges[part, None, None] * np.eye(channels)
        factors[part] = invert_lower(np.linalg.cholesky(regularized))

    work_on_parts(invert_part, len(covariances), channels)  # the inverses in float64 are large
    return factors


def invert_lower(lower: FloatArray) -> FloatArray:
    """Return the inverses of (matrices, side, side) lower triangular ones, by halves: a third of the time."""
    side = lower.shape[1]
    if side <= _SMALL_SIDE:
        return np.linalg.inv(lower)
    half = side // 2
    inverse = np.zeros_like(lower)
    inverse[:, :half, :half] = invert_lower(lower[:, :half, :half])
    inverse[:, half:, half:] = invert_lower(lower[:, half:, half:])
    inverse[:, half:, :half] = -inverse[:, half:, half:] @ (lower[:, half:, :half] @ inverse[:, :half, :half])
    return inverse


def work_on_parts(work: Callable[[slice], None], cells: int, rows: int) -> None:
    """Call `work` for some cells at a time; where they have many rows each, on all cores.

    Fewer are done before a thread has started, and meanwhile the other cores read the next images.
    """
    parts = [slice(first, first + CELLS_AT_ONCE) for first in range(0, cells, CELLS_AT_ONCE)]
    if rows < _ROWS_FOR_ALL_CORES:
        for part in parts:
            work(part)
    else:
        with ThreadPoolExecutor(count_cores(), "cells") as pool:
            for _ in pool.map(work, parts):  # raises what a part raised
                pass
