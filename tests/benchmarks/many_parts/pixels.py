"""Maps against masks: pixel AUROC and AUPRO on one small size, so that hundreds of runs can be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from anomaly_gui.detection.detectors.anomaly_maps import stretch_map
from anomaly_gui.detection.images.masks import MaskFolder
from anomaly_gui.detection.judging.pixel_metrics import PixelHistogram

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.images.alignment import Pose
    from anomaly_gui.detection.images.locating.locator import Sighting

SIDE = 256


def read_small_masks(masks: Path | None, files: Sequence[Path]) -> dict[Path, BoolArray]:
    """Return the masks of those defects that have one, (SIDE, SIDE) each."""
    if masks is None:
        return {}
    folder = MaskFolder(masks)
    found = {file: folder.find_masks(file) for file in files}
    return {file: shrink_masks(those) for file, those in found.items() if those}


def shrink_masks(files: Sequence[Path]) -> BoolArray:
    """Return masks laid over each other, on SIDE x SIDE pixels: half of one counts, of tiny defects any."""
    shares = [_read_share(file) for file in files]
    share = np.max(shares, axis=0)
    half: BoolArray = share >= 0.5
    return half if half.any() else share > 0


def _read_share(file: Path) -> FloatArray:
    with Image.open(file) as image:
        marked = Image.fromarray(255 * (np.asarray(image.convert("L")) > 0).astype(np.uint8))
    return np.asarray(marked.resize((SIDE, SIDE), Image.Resampling.BOX), np.float32) / 255


def judge_maps(
    maps: Sequence[tuple[Path, FloatArray]],
    masks: dict[Path, BoolArray],
    unseen: set[Path],
    plan: Plan,
    poses: dict[Path, Pose | Sighting | None],
) -> tuple[float | None, float | None]:
    """Return pixel AUROC and AUPRO of unseen good images and of defects with masks; None without any.

    Parameters
    ----------
    maps : files and their maps, (cells, cells) each
    """
    pixels, nothing = PixelHistogram(), np.zeros((SIDE, SIDE), np.bool_)
    if not masks:
        return None, None
    for file, values in maps:
        if file in masks or file in unseen:
            whole = plan.restore_map(values, poses.get(file))
            pixels.add(stretch_map(whole, SIDE, SIDE), masks.get(file, nothing))
    return pixels.pixel_auroc, pixels.aupro
