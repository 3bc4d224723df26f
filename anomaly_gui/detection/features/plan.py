"""What is computed of an image: the network's input made of its pixels, and the features made of that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.features.grids import draw_projection
from anomaly_gui.detection.images.alignment import SPARE, Alignment, Pose
from anomaly_gui.detection.images.decoding.refusals import ImageUnlikeError
from anomaly_gui.detection.images.loading import PAINT, LoadedImage, ReadingOptions, draw_mask
from anomaly_gui.detection.images.locating.ground import Surface, fit_surface, shrink_picture
from anomaly_gui.detection.images.locating.locator import Locator, Sighting, describe_sighting
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.images.variants.light import Light
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.detection.settings.grid_settings import GridSettings
from anomaly_gui.language import translate

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
    locator : finds the parts first, and puts them one below the other into the network's input; or None

    Raises
    ------
    ValueError : an input that is no square, of parts that are aligned or of a learned network; located parts
        that are aligned as well, or that the input or its cells cannot be divided among
    """

    features: FeatureSettings
    grid: Grid | None = None
    alignment: Alignment | None = None
    interest: RegionOfInterest = field(default_factory=RegionOfInterest)
    network: PlanNetwork | None = None
    locator: Locator | None = None

    def __post_init__(self) -> None:
        if (self.alignment or self.network) and self.features.proportions != 1:
            raise ValueError("parts are aligned, and features learned, on square images only")
        if self.locator and (self.alignment or self.network or self.features.shape[0] % self.pieces):
            raise ValueError("located parts are not aligned, and share the network's input")
        if self.shape[0] % self.pieces:
            raise ValueError("located parts share the rows of cells")

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
    def pieces(self) -> int:
        """How many parts an image shows that are judged each by itself, one below the other."""
        return self.locator.pieces if self.locator else 1

    @property
    def piece_shape(self) -> tuple[int, int]:
        """Height and width of a part's share of the network's input, in pixels."""
        height, width = self.features.shape
        return height // self.pieces, width

    @property
    def piece_cells(self) -> tuple[int, int]:
        """Rows and columns of a part's cells."""
        rows, columns = self.shape
        return rows // self.pieces, columns

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
        if self.locator is not None:
            shape = self.locator.choose_raster(self.piece_shape)
        painted = self.interest if self.interest and self.locator is None else None
        options = ReadingOptions(shape, pixel_limit, detail, painted, self.features.depth)
        return (
            options
            if self.network
            else replace(options, spare=self.features.declared_backbone.decoding_spare)
        )

    def prepare_image(self, image: LoadedImage) -> LoadedImage:
        """Return the image with the network's input, (height, width, 3) uint8, and its pose if it has any.

        Raises
        ------
        ImageUnlikeError : no part is found where parts are located
        """
        if self.locator is not None:
            return self._locate_parts(image, self.locator)
        if self.alignment is None:
            return image
        pose = self.alignment.find_pose(image.pixels)
        return replace(image, pixels=self._place_pixels(image.pixels, pose), pose=pose)

    def _place_pixels(self, pixels: ImageArray, pose: Pose | Sighting | None) -> ImageArray:
        if self.locator is not None and isinstance(pose, Sighting):
            return self._cut_sheet(pixels, self.locator, pose, fit_surface(shrink_picture(pixels)))
        if self.alignment is None or not isinstance(pose, Pose):
            return pixels
        return self.alignment.apply_pose(pixels, pose, self.features.size)

    def measure_light(self, pixels: ImageArray) -> Light:
        """Return the light of (height, width, 3) uint8, as read, of the pixels that count."""
        return Light.from_pixels(pixels, self._find_counted(pixels))

    def prepare_variant(
        self, pixels: ImageArray, variation: Variation, pose: Pose | Sighting | None
    ) -> tuple[ImageArray, Light]:
        """Return the network's input of a variant of pixels as read, (height, width, 3) uint8.

        Where some pixels do not count the part stays where it is: they do not move with it.

        Parameters
        ----------
        pose : how the part was found to lie, where it is aligned or located

        Returns
        -------
        The input, and how bright the pixels are that count.
        """
        counted = self._find_counted(pixels)
        in_place = counted is not None or self.locator is not None  # located parts come to lie there anyway
        relit = variation.apply(pixels, in_place=in_place)
        if counted is not None:
            relit = np.where(counted[:, :, None], relit, pixels)  # paint knows no light
        return self._place_pixels(relit, pose), Light.from_pixels(relit, counted)

    def _find_counted(self, pixels: ImageArray) -> BoolArray | None:
        height, width = pixels.shape[:2]
        in_place = self.interest and self.locator is None  # else the region goes with the part
        return draw_mask(self.interest, width, height) if in_place else None

    def _locate_parts(self, image: LoadedImage, locator: Locator) -> LoadedImage:
        sighting, surface = locator.find_parts(image.pixels)
        record = image.record
        if not sighting.found:
            raise ImageUnlikeError(record.path, translate("shows no part on the ground"), record.sha256)
        sheet = self._cut_sheet(image.pixels, locator, sighting, surface)
        record = replace(record, notes=(*record.notes, *describe_sighting(sighting)))
        return replace(image, record=record, pixels=sheet, pose=sighting)

    def _cut_sheet(
        self, pixels: ImageArray, locator: Locator, sighting: Sighting, surface: Surface
    ) -> ImageArray:
        sheet = locator.cut_sheet(pixels, sighting, surface, self.piece_shape)
        if self.interest:
            sheet[~np.tile(self._piece_region, (self.pieces, 1))] = PAINT
        return sheet

    def restore_map(self, values: FloatArray, pose: Pose | Sighting | None) -> FloatArray:
        """Return a map of the network's input, (rows, columns), as one of the whole image."""
        if self.locator is not None and isinstance(pose, Sighting):
            return self.locator.restore_map(values, pose, self.piece_shape)
        if self.alignment is not None and isinstance(pose, Pose):
            whole = self.alignment.restore_map(values, pose, 2 * len(values))
            return whole * self.interest.draw_mask(len(whole), len(whole))
        return values

    @cached_property
    def used_piece_cells(self) -> BoolArray:
        """Which cells of a part count, (cells of a part,): the same of each."""
        return self.used_cells[: len(self.used_cells) // self.pieces]

    @cached_property
    def used_cells(self) -> BoolArray:
        """Which cells count, (cells,): those whose greater part does; all of an aligned part."""
        rows, columns = self.shape
        if self.locator is not None:
            return np.tile(self._mask_piece_cells(self.locator).ravel(), self.pieces)
        if not self.interest or self.alignment is not None or (self.network and self.network.keeps_all):
            return np.ones(rows * columns, np.bool_)
        fine = self.interest.draw_mask(8 * columns, 8 * rows).reshape(rows, 8, columns, 8)
        counts: BoolArray = (fine.mean(axis=(1, 3)) > 0.5).ravel()
        return counts if counts.any() else np.ones(rows * columns, np.bool_)

    def _mask_piece_cells(self, locator: Locator) -> BoolArray:
        """Return which cells show a part, and lie in the region of interest, which follows it."""
        shown = locator.mask_cells(self.piece_shape, self.piece_cells)
        if not self.interest:
            return shown
        (height, width), (rows, columns) = self.piece_shape, self.piece_cells
        region = self._piece_region.reshape(rows, height // rows, columns, width // columns)
        counts: BoolArray = shown & (region.mean(axis=(1, 3)) > 0.5)
        return counts if counts.any() else shown

    @cached_property
    def _piece_region(self) -> BoolArray:
        """Which of a part's pixels lie in the region of interest, (height, width)."""
        if self.locator is None:
            raise ValueError("only located parts take the region with them")
        return self.locator.draw_region(self.interest, self.piece_shape)
