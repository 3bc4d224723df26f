"""Let an autoencoder make an image anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.worker.messages import Job

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.worker.context import JobContext


@dataclass(frozen=True)
class ReconstructJob(Job):
    """Let an autoencoder make an image anew. Answers with `Reconstructed`."""

    model: Path
    path: Path


@dataclass(frozen=True, eq=False)
class Reconstructed:
    """An image and what a network makes of it.

    Parameters
    ----------
    image : as the network sees it, (size, size, 3) uint8
    reconstruction : of the same shape, in the image's brightness and contrast
    difference : where both are unlike each other, (cells, cells) float32, 1.0 at the model's level
    """

    image: ImageArray
    reconstruction: ImageArray
    difference: FloatArray


def reconstruct_image(job: ReconstructJob, context: JobContext) -> Reconstructed:
    """Return an image, its reconstruction, and where they differ."""
    from anomaly_gui.detection.features.extraction import extract_features
    from anomaly_gui.detection.images.loading import load_image
    from anomaly_gui.detection.learning.plan_networks import LearnedNetwork

    model = context.engine.load_model(job.model)
    plan = model.detector.plan
    image = plan.prepare_image(load_image(job.path, plan.reading_options(model.pixel_limit))).pixels
    maps = model.detector.judge(extract_features(image[None], plan, context.runtime)).maps
    if not isinstance(plan.network, LearnedNetwork) or maps is None:
        raise TypeError(f"a model of the kind {model.detector.kind} reconstructs nothing")
    return Reconstructed(image, plan.network.reconstructed(image[None])[0], maps[0])
