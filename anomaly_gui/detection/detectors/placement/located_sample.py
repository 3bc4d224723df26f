"""Are the parts better found on their ground, turned and cropped to? Told on good images held out from it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.features.batches import read_batches
from anomaly_gui.detection.features.plan import Grid, Plan
from anomaly_gui.detection.images.loading import decode_small, read_size
from anomaly_gui.detection.images.locating.learning import fit_locator
from anomaly_gui.detection.images.reading import read_files
from anomaly_gui.detection.settings.grid_settings import GridSettings
from anomaly_gui.errors import ImageRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.detection.images.locating.locator import Locator
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.feature_settings import FeatureSettings
    from anomaly_gui.progress import Progress

_SIDE = 448
"""Longer side of the pictures that a template is learned from, in pixels."""


@dataclass(frozen=True, eq=False)
class _Picture:
    pixels: ImageArray
    width: int
    height: int


def learn_locator(
    files: Sequence[Path], pixel_limit: int, depth: int | None, progress: Progress
) -> Locator | None:
    """Return what finds the parts of good images on their ground, or None where these are none.

    Parameters
    ----------
    files : good images
    depth : bits used of files of 16 bits that do not say so themselves
    """

    def read(path: Path) -> _Picture:
        return _Picture(decode_small(path, _SIDE, pixel_limit, depth), *read_size(path, pixel_limit))

    pictures = []
    with closing(read_files(files, read)) as outcomes:
        for outcome in outcomes:
            pictures += [] if isinstance(outcome, ImageRefusedError) else [outcome]
            progress.advance()
    if not pictures:
        return None
    aspect = float(np.median([one.width / one.height for one in pictures]))
    longest = int(np.median([max(one.width, one.height) for one in pictures]))
    return fit_locator([one.pixels for one in pictures], aspect, longest)


def anchor_region(locator: Locator, file: Path, pixel_limit: int, depth: int | None) -> Locator | None:
    """Return the locator that takes the region drawn on a file with the part, or None where it shows none."""
    try:
        sighting, _ = locator.find_parts(decode_small(file, _SIDE, pixel_limit, depth))
    except ImageRefusedError:
        return None
    poses = tuple(pose for pose in sighting.poses if pose is not None)
    return replace(locator, anchors=poses) if len(poses) == sighting.found == locator.pieces else None


def make_located_plan(
    features: FeatureSettings, grid: GridSettings, interest: RegionOfInterest, locator: Locator
) -> Plan:
    """Return the plan whose input located parts share, with as many pixels as that of some features."""
    size, proportions = locator.choose_input(features.size)
    shared = replace(features, size=size, proportions=proportions)
    cells = replace(grid, size=size, proportions=proportions)
    return Plan(shared, Grid.from_settings(cells), None, interest, locator=locator)


def read_located_cells(
    files: Sequence[Path], plan: Plan, pixel_limit: int, runtime: Runtime, progress: Progress
) -> FloatArray:
    """Return the used cells of all parts that are found in files, (parts, cells, channels) float32."""
    with closing(read_batches(files, plan, pixel_limit, runtime, progress)) as batches:
        seen = [batch.features.cells for batch in batches if batch.features is not None]
    cells = [one for one in seen if one is not None]
    if not cells:
        return np.empty((0, int(plan.used_piece_cells.sum()), plan.channels), np.float32)
    joined = np.concatenate(cells).astype(np.float32)
    return joined.reshape(len(joined) * plan.pieces, -1, plan.channels)
