"""Features of good images with defects pasted on them: on trial is what judges them."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.features.extraction import extract_features
from anomaly_gui.detection.features.network_outputs import ImageFeatures
from anomaly_gui.detection.images.loading import LoadedImage
from anomaly_gui.detection.images.pasting import paste_defects
from anomaly_gui.detection.images.reading import read_images

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import ImageArray, IntArray
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress

_IMAGES, _ROUNDS, _SEED = 12, 2, 0


@dataclass(frozen=True, eq=False)
class Trial:
    """Features of good images, and of the same with defects.

    Parameters
    ----------
    clean, faulty : of the images as they are, and with a defect each
    sources : (faulty images,) which of the clean ones each was
    """

    clean: ImageFeatures
    faulty: ImageFeatures
    sources: IntArray


def prepare_trial(
    files: Sequence[Path], plan: Plan, pixel_limit: int, runtime: Runtime, progress: Progress
) -> Trial | None:
    """Paste defects on some good images, spread evenly over the files; None where none can be read."""
    chosen = [files[index] for index in np.unique(np.linspace(0, len(files) - 1, _IMAGES).astype(int))]
    progress.stage("Trying defects on good images", len(chosen))
    clean = []
    with closing(read_images(chosen, plan.reading_options(pixel_limit))) as images:
        for image in images:
            clean += [plan.prepare_image(image).pixels] if isinstance(image, LoadedImage) else []
            progress.advance()
    if not clean:
        return None
    rng, faulty, sources = np.random.default_rng(_SEED), [], []
    for index, pixels in enumerate(clean):
        for _ in range(_ROUNDS):
            pasted = paste_defects(pixels, clean, rng)
            faulty += pasted
            sources += [index] * len(pasted)
    return Trial(
        _extract_all(clean, plan, runtime), _extract_all(faulty, plan, runtime), np.array(sources, np.int64)
    )


def _extract_all(pixels: Sequence[ImageArray], plan: Plan, runtime: Runtime) -> ImageFeatures:
    batch = plan.features.batch_size
    seen = [
        extract_features(np.stack(pixels[first : first + batch]), plan, runtime)
        for first in range(0, len(pixels), batch)
    ]
    cells = [one.cells for one in seen if one.cells is not None]
    return ImageFeatures(
        np.concatenate([one.vectors for one in seen]), np.concatenate(cells) if cells else None
    )
