"""The Gaussians of places, fitted from sums of parts; and in further passes what they say of each image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.cluster.training.cell_sums import PlaceSums
from anomaly_gui.cluster.training.part_store import write_shared
from anomaly_gui.cluster.training.row_tasks import split_by_home, split_by_part
from anomaly_gui.cluster.training.whole_images import gather_columns
from anomaly_gui.detection.arrays.cell_store import CellStore
from anomaly_gui.detection.arrays.products import products_on_one_core
from anomaly_gui.detection.densities.cell_gaussians import CellGaussians
from anomaly_gui.detection.densities.renewal import collect_held_out
from anomaly_gui.detection.detectors.local_maps import LocalMaps, find_peaks, stiffen_no_cell
from anomaly_gui.detection.detectors.positional import PositionalDetector, choose_share
from anomaly_gui.detection.detectors.protocol import Fitted

if TYPE_CHECKING:
    from anomaly_gui.cluster.engine import Engine
    from anomaly_gui.cluster.training.part_store import PartRows, SharedArrays
    from anomaly_gui.cluster.training.row_tasks import RowTask
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.settings.train_settings import TrainSettings


@dataclass(frozen=True, eq=False)
class PartCells:
    """Where the cells of images are: rows of so many cells and channels."""

    rows: PartRows
    cells: int
    channels: int

    @classmethod
    def of_plan(cls, rows: PartRows, plan: Plan) -> PartCells:
        """Return those of a plan's images."""
        return cls(rows, int(plan.used_cells.sum()), plan.channels)

    def open_rows(self, numbers: IntArray) -> CellStore:
        """Return the cells of some rows, by their numbers in the store."""
        store, name, length = self.rows.store, self.rows.name, self.rows.shape[1]
        chosen = type(self.rows)(store, name, numbers, length, self.rows.dtype)
        return CellStore.over_rows(chosen, self.cells, self.channels)


@dataclass(frozen=True, eq=False)
class SumPlaces:
    """Sums up the cells of a task about a shift."""

    cells: PartCells
    shift: SharedArrays

    def __call__(self, task: RowTask) -> PlaceSums:
        """Return the sums."""
        with products_on_one_core():
            return PlaceSums.from_store(self.cells.open_rows(task.rows), np.array(self.shift.read("shift")))


def fit_places(engine: Engine, cells: PartCells, groups: IntArray) -> CellGaussians:
    """Fit a Gaussian to each cell of images; `groups` is (images,).

    Raises
    ------
    ValueError : no cell differs between any two images
    """
    store = cells.rows.store
    tasks = split_by_part(store, cells.rows.numbers, groups)
    first = cells.open_rows(tasks[0].rows)
    total = sum(batch.sum(axis=0, dtype=np.float64) for _, batch in first.read_batches())
    shift = write_shared(store.folder, "shift", {"shift": np.asarray(total) / len(first)})
    sums = engine.reduce_parts(SumPlaces(cells, shift), PlaceSums.merge, tasks)
    with products_on_one_core():
        return CellGaussians.from_moments(*sums.find_moments())


@dataclass(frozen=True, eq=False)
class SharedFit:
    """Gaussians of cells, as workers read them."""

    arrays: SharedArrays

    def read(self) -> CellGaussians:
        """Return the Gaussians."""
        means, factors, ridges = (self.arrays.read(name) for name in ("means", "factors", "ridges"))
        return CellGaussians(np.asarray(means), np.asarray(factors), np.asarray(ridges))


@dataclass(frozen=True, eq=False)
class SumHeldOut:
    """Sums up how far the cells of a task are from fits without their groups.

    Parameters
    ----------
    count : of all images that were fitted to
    """

    cells: PartCells
    fit: SharedFit
    count: int

    def __call__(self, task: RowTask) -> FloatArray:
        """Return the sum over the images, (cells,) float64."""
        total: FloatArray = self.measure(task).sum(axis=0, dtype=np.float64)
        return total

    def measure(self, task: RowTask) -> FloatArray:
        """Return the distances of each image, (images, cells) float32."""
        store = self.cells.open_rows(task.rows)
        return collect_held_out(self.fit.read(), store, _place_last(task.groups, self.count))


def _place_last(groups: IntArray, count: int) -> IntArray:
    """Return groups of as many images as there are, of which these come last; others are of none of them."""
    own = np.unique(groups, return_inverse=True)[1]
    return np.concatenate([np.full(count - len(own), len(own)), own])


def add_up(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return the sum of both."""
    return one + other


@dataclass(frozen=True, eq=False)
class JudgeImages:
    """Says of the images of a task what a detector makes of them, without their groups and with all.

    Parameters
    ----------
    held_out : measures distances
    usual : (cells,) float32
    plan, share : of the detector
    """

    held_out: SumHeldOut
    usual: SharedArrays
    plan: Plan
    share: float

    def __call__(self, task: RowTask) -> FloatArray:
        """Return held-out scores, the highest values of such maps, and scores, (3, images)."""
        gaussians, usual = self.held_out.fit.read(), np.asarray(self.usual.read("usual"))
        local = LocalMaps(gaussians, usual, self.plan.used_cells, self.plan.shape)
        detector = PositionalDetector(self.plan, local, self.share)
        ratios = self.held_out.measure(task) / usual
        own = detector.score_own(gaussians, self.held_out.cells.open_rows(task.rows))
        return np.stack([detector.score_ratios(ratios), find_peaks(local.make_maps(ratios)), own])


def fit_positional(
    engine: Engine, settings: TrainSettings, plan: Plan, rows: PartRows, groups: IntArray
) -> tuple[Fitted, FloatArray]:
    """Return the fitted detector of places, and the scores of all images under it, (images,).

    Parameters
    ----------
    rows : (images, cells * channels)
    groups : (images,) which are held out together

    Raises
    ------
    ValueError : no cell differs between any two images
    """
    cells, folder, count = PartCells.of_plan(rows, plan), rows.store.folder, len(groups)
    gaussians = fit_places(engine, cells, groups)
    arrays = {"means": gaussians.means, "factors": gaussians.factors, "ridges": np.asarray(gaussians.ridges)}
    held_out = SumHeldOut(cells, SharedFit(write_shared(folder, "fit", arrays)), count)
    tasks = split_by_home(rows.store, rows.numbers, groups)
    total = engine.reduce_parts(held_out, add_up, tasks)
    usual = stiffen_no_cell(total / count)
    shared = write_shared(folder, "usual", {"usual": usual})
    judge = JudgeImages(held_out, shared, plan, choose_share(settings))
    scores, peaks, own = gather_columns(engine, judge, tasks, count)
    local = LocalMaps(gaussians, usual, plan.used_cells, plan.shape)
    detector = PositionalDetector(plan, local, judge.share)
    return Fitted(detector, scores, peaks, traces=np.log(-scores)[:, None]), own
