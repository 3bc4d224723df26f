"""What is computed of an image: the network's input made of its pixels, and the features made of that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.features.grids import draw_projection
from anomaly_gui.detection.images.alignment import SPARE, Alignment
from anomaly_gui.detection.images.loading import LoadedImage, ReadingOptions, draw_mask
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.images.variants.light import Light
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.detection.settings.grid_settings import GridSettings

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray
    from anomaly_gui.detection.features.network_outputs import PlanNetwork
    from anomaly_gui.detection.images.alignment import Pose
    from anomaly_gui.detection.images.variants.variation import Variation
    from anomaly_gui.detection.runtimes.protocol import Runtime


@dataclass(frozen=True, eq=False)
class Grid:
    """Features of cells: their settings, and the directions they are reduced to (see `grids`)."""

    settings: GridSettings
    directions: FloatArray

    @classmethod
    def from_settings(cls, settings: GridSettings) -> Grid:
        """Draw the directions."""
        return cls(settings, draw_projection(settings))


@dataclass(frozen=True, eq=False)
class Plan:
    """What is computed of an image.

    Parameters
    ----------
    features : of the whole image
    grid : of its cells, or None
    alignment : aligns the part first, or None
    interest : what counts of an image; the rest is painted over when it is read
    network : runs instead of the backbone where features are learned, or None; of `features` only size and
        depth count then

    Raises
    ------
    ValueError : an input that is no square, of parts that are aligned or of a learned network
    """

    features: FeatureSettings
    grid: Grid | None = None
    alignment: Alignment | None = None
    interest: RegionOfInterest = field(default_factory=RegionOfInterest)
    network: PlanNetwork | None = None

    def __post_init__(self) -> None:
        if (self.alignment or self.network) and self.features.proportions != 1:
            raise ValueError("parts are aligned, and features learned, on square images only")

    @property
    def length(self) -> int:
        """Numbers of a whole image's vector."""
        return self.network.length if self.network else self.features.length

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of an image's cells; (0, 0) where there are none."""
        if self.network:
            return self.network.side, self.network.side
        return self.grid.settings.shape if self.grid else (0, 0)

    @property
    def has_cells(self) -> bool:
        """Whether cells are taken of an image."""
        return self.shape != (0, 0)

    @property
    def channels(self) -> int:
        """Numbers of a cell."""
        if self.network:
            return self.network.channels
        return self.grid.settings.channels if self.grid else 0

    @property
    def backbone(self) -> str | None:
        """The name of the backbone; None where features are learned."""
        return None if self.network else self.features.backbone

    def runs_on(self, runtime: Runtime) -> str:
        """Return the name of what runs the network, as written into results and model files."""
        if self.network:
            return self.network.name
        return runtime.for_backbone(self.features.declared_backbone).name

    def reading_options(self, pixel_limit: int, *, detail: bool = False) -> ReadingOptions:
        """Return how images have to be read for `prepare_image`."""
        height, width = self.features.shape
        shape = (round(height * SPARE), round(width * SPARE)) if self.alignment else (height, width)
        options = ReadingOptions(shape, pixel_limit, detail, self.interest or None, self.features.depth)
        return (
            options
            if self.network
            else replace(options, spare=self.features.declared_backbone.decoding_spare)
        )

    def prepare_image(self, image: LoadedImage) -> LoadedImage:
        """Return the image with the network's input, (height, width, 3) uint8, and its pose if it has any."""
        if self.alignment is None:
            return image
        pose = self.alignment.find_pose(image.pixels)
        return replace(image, pixels=self._place_pixels(image.pixels, pose), pose=pose)

    def _place_pixels(self, pixels: ImageArray, pose: Pose | None) -> ImageArray:
        if self.alignment is None or pose is None:
            return pixels
        return self.alignment.apply_pose(pixels, pose, self.features.size)

    def measure_light(self, pixels: ImageArray) -> Light:
        """Return the light of (height, width, 3) uint8, as read, of the pixels that count."""
        return Light.from_pixels(pixels, self._find_counted(pixels))

    def prepare_variant(
        self, pixels: ImageArray, variation: Variation, pose: Pose | None
    ) -> tuple[ImageArray, Light]:
        """Return the network's input of a variant of pixels as read, (height, width, 3) uint8.

        Where some pixels do not count the part stays where it is: they do not move with it.

        Parameters
        ----------
        pose : how the part was found to lie, where it is aligned

        Returns
        -------
        The input, and how bright the pixels are that count.
        """
        counted = self._find_counted(pixels)
        relit = variation.apply(pixels, in_place=counted is not None)
        if counted is not None:
            relit = np.where(counted[:, :, None], relit, pixels)  # paint knows no light
        return self._place_pixels(relit, pose), Light.from_pixels(relit, counted)

    def _find_counted(self, pixels: ImageArray) -> BoolArray | None:
        height, width = pixels.shape[:2]
        return draw_mask(self.interest, width, height) if self.interest else None

    @cached_property
    def used_cells(self) -> BoolArray:
        """Which cells count, (cells,): those whose greater part does; all of an aligned part."""
        rows, columns = self.shape
        if not self.interest or self.alignment is not None or (self.network and self.network.keeps_all):
            return np.ones(rows * columns, np.bool_)
        fine = self.interest.draw_mask(8 * columns, 8 * rows).reshape(rows, 8, columns, 8)
        counts: BoolArray = (fine.mean(axis=(1, 3)) > 0.5).ravel()
        return counts if counts.any() else np.ones(rows * columns, np.bool_)
