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
    from anomaly_gui.detection.images.variants.light import Light


@dataclass(frozen=True, eq=False)
class ReadVariant:
    """An image in another light, on its way to its features.

    Parameters
    ----------
    light : as it was measured of the variant
    pixels : the network's input, (height, width, 3) uint8; None where `outputs` were cached
    outputs : what the network yields, where that was cached
    """

    light: Light
    pixels: ImageArray | None = None
    outputs: NetworkOutputs | None = None


@dataclass(frozen=True, eq=False)
class ReadImage:
    """An image on its way to its features.

    Parameters
    ----------
    record : its file
    pose : how the part was found to lie, where it was aligned or located
    fingerprint : see `compute_fingerprint`; None where not asked for, or the image is too small
    look : how bright, rich in contrast and sharp it is
    light : how bright its pixels are that count
    pixels : the network's input, (height, width, 3) uint8; None where `outputs` were cached, unless asked for
    outputs : what the network yields, where that was cached
    variants : in another light, where they were asked for
    """

    record: ImageRecord
    pose: Pose | Sighting | None
    fingerprint: ImageArray | None
    look: Look
    light: Light
    pixels: ImageArray | None = None
    outputs: NetworkOutputs | None = None
    variants: tuple[ReadVariant, ...] = ()

    @property
    def inputs(self) -> tuple[ImageArray, ...]:
        """What the network has to see: the image's pixels, and those of its variants, without the cached."""
        own = (self.pixels,) if self.outputs is None else ()
        variants = (one.pixels for one in self.variants if one.outputs is None)
        return tuple(pixels for pixels in (*own, *variants) if pixels is not None)


Outcome: TypeAlias = ReadImage | ImageRefusedError


@dataclass(frozen=True, eq=False)
class Batch:
    """Some images, in the order of their files, and the features of those that could be read.

    Parameters
    ----------
    outcomes : images, or why they were refused
    features : a row for each image; None for none
    of_variants : a row for each variant of each image; None for none
    """

    outcomes: tuple[Outcome, ...]
    features: ImageFeatures | None
    of_variants: ImageFeatures | None = None

    @property
    def images(self) -> tuple[ReadImage, ...]:
        """Those that could be read, one for each row of `features`."""
        return tuple(one for one in self.outcomes if isinstance(one, ReadImage))

    @property
    def reused(self) -> int:
        """How many needed no network."""
        return sum(image.outputs is not None for image in self.images)
