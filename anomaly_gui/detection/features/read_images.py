"""Images on their way to their features, and batches of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from anomaly_gui.errors import ImageRefusedError

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import ImageArray
    from anomaly_gui.detection.features.network_outputs import ImageFeatures, NetworkOutputs
    from anomaly_gui.detection.images.alignment import Pose
    from anomaly_gui.detection.images.locating.locator import Sighting
    from anomaly_gui.detection.images.look import Look
    from anomaly_gui.detection.images.records import ImageRecord


@dataclass(frozen=True, eq=False)
class ReadImage:
    """An image on its way to its features.

    Parameters
    ----------
    record : its file
    pose : how the part was found to lie, where it was aligned or located
    fingerprint : see `compute_fingerprint`; None where not asked for, or the image is too small
    look : how bright, rich in contrast and sharp it is
    pixels : the network's input, (height, width, 3) uint8; None where `outputs` were cached, unless asked for
    outputs : what the network yields, where that was cached
    """

    record: ImageRecord
    pose: Pose | Sighting | None
    fingerprint: ImageArray | None
    look: Look
    pixels: ImageArray | None = None
    outputs: NetworkOutputs | None = None


Outcome: TypeAlias = ReadImage | ImageRefusedError


@dataclass(frozen=True, eq=False)
class Batch:
    """Some images, in the order of their files, and the features of those that could be read."""

    outcomes: tuple[Outcome, ...]
    features: ImageFeatures | None

    @property
    def images(self) -> tuple[ReadImage, ...]:
        """Those that could be read, one for each row of `features`."""
        return tuple(one for one in self.outcomes if isinstance(one, ReadImage))

    @property
    def reused(self) -> int:
        """How many needed no network."""
        return sum(image.outputs is not None for image in self.images)
