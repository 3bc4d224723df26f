"""Would this machine judge as the one that trained the model? Its reference inputs are scored again."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.detectors.protocol import score_pixels
from anomaly_gui.detection.images.loading import ImageFile, decode_image
from anomaly_gui.detection.model.model_file import open_model
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress

_TOLERANCE = 0.01  # of the spread of good parts: far above rounding, far below what moves a verdict


def load_model(path: Path, progress: Progress, runtime: Runtime | None = None) -> Model:
    """Open a model, and warn when this machine would judge differently than the one that trained it.

    Raises
    ------
    ModelFileError : see `open_model`
    """
    model = open_model(path)
    progress.stage(translate("Checking the model"))
    difference = judging_difference(model, runtime)
    if difference is not None:
        progress.warn(f"{path}: {difference}")
    return model


def judge_reference(model: Model, runtime: Runtime) -> None:
    """Judge one reference image, from the bytes of a file on: what a first image waits for is there then."""
    from PIL import Image

    content, pixels = BytesIO(), model.reference.pixels[:1]
    Image.fromarray(pixels[0]).save(content, "JPEG")
    file = ImageFile(Path("reference.jpg"), content.getvalue(), "")
    decode_image(file, model.detector.plan.reading_options(model.pixel_limit))
    score_pixels(model.detector, pixels, runtime)


def judging_difference(model: Model, runtime: Runtime | None = None) -> str | None:
    """Score the model's reference inputs again; return how far off this machine is, or None.

    A sentence comes when a score differs by more than 1 % of the standard deviation of the held-out scores.
    """
    again = score_pixels(model.detector, model.reference.pixels, runtime or default_runtime())
    off = float(np.abs(again - model.reference.scores).max())
    spread = float(np.std(model.training.held_out))
    if off <= _TOLERANCE * spread:
        return None
    return translate(
        "This machine scores the model's own reference images up to {off:.3g} away from what they "
        "scored where it was trained (scores of good parts spread by {spread:.3g}), so it may judge "
        "differently: train the model anew on this machine.",
        off=off,
        spread=spread,
    )
