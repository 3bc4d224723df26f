"""Judging maps: how well they show where the defects are, against masks drawn by a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.images.masks import MaskFolder, read_masks
from anomaly_gui.detection.judging.pixel_metrics import PixelHistogram
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import translate, translate_count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import BoolArray
    from anomaly_gui.detection.detectors.anomaly_maps import AnomalyMap
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.progress import Progress


@dataclass(frozen=True)
class PixelResult:
    """How well maps show where defects are.

    Parameters
    ----------
    auroc : of all pixels of good images and of defects with a mask; None without both kinds of pixels
    aupro : per-region overlap up to 30 % false positives (see `pixel_metrics`)
    masks : how many there were
    refused : masks that cannot be used, each with the reason
    warnings : sentences the user should read
    """

    auroc: float | None
    aupro: float | None
    masks: int
    refused: tuple[ImageRefusedError, ...]
    warnings: tuple[str, ...]


def judge_pixels(
    normal: Sequence[ImageResult],
    anomalous: Sequence[ImageResult],
    masks: MaskFolder,
    pixel_limit: int,
    progress: Progress,
) -> PixelResult:
    """Compare the maps of images with masks, at the size of the images; good ones have nothing to find.

    Raises
    ------
    UserError : a folder of masks cannot be read
    """
    progress.stage(translate("Comparing maps with masks"), len(normal) + len(anomalous))
    pixels = PixelHistogram()
    for image in normal:
        if image.map is not None:
            _add_pixels(pixels, image.map, np.zeros((image.map.height, image.map.width), np.bool_))
        progress.advance()
    refused, used, without = [], 0, 0
    for image in anomalous:
        progress.advance()
        if image.map is None:
            continue
        files = masks.find_masks(image.path)
        if not files:
            without += 1
            continue
        try:
            _add_pixels(pixels, image.map, read_masks(files, image.map.width, image.map.height, pixel_limit))
            used += 1
        except ImageRefusedError as error:
            refused.append(error)
    warnings = _list_warnings(masks.folder, without, refused)
    return PixelResult(pixels.pixel_auroc, pixels.aupro, used, tuple(refused), warnings)


def _add_pixels(pixels: PixelHistogram, its_map: AnomalyMap, mask: BoolArray) -> None:
    pixels.add(its_map.at_size(its_map.width, its_map.height), mask)


def _list_warnings(masks: Path, without: int, refused: Sequence[ImageRefusedError]) -> tuple[str, ...]:
    warnings = [str(error) for error in refused]
    if without:
        warnings.append(
            translate_count(
                "{count:,} defect has no mask in {masks}: they do not count for the pixels.",
                "{count:,} defects have no mask in {masks}: they do not count for the pixels.",
                without,
                masks=masks,
            )
        )
    return tuple(warnings)
