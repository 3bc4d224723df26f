"""Maps as files: a picture of each image with its map over it, and the map itself."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from anomaly_gui.cli.output.result_files import make_folder
from anomaly_gui.detection.detectors.anomaly_maps import REGION_SIDE
from anomaly_gui.detection.images.loading import decode_small
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.errors import ImageRefusedError, UserError
from anomaly_gui.figures.map_colours import draw_boxes, overlay_map
from anomaly_gui.language import translate
from anomaly_gui.paths import atomic_write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import ImageArray
    from anomaly_gui.detection.detectors.anomaly_maps import AnomalyMap, Region
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.progress import Progress

_LONGEST_SIDE = 1280  # pixels of a picture
_QUALITY = 90  # of JPEG, which takes 2 ms where PNG takes 150
_GREY = 128
_LONGEST_NAME = 60  # characters: four bytes each, and an ending, still fit a file's name


def check_maps(model: Model, folder: Path, scored: Iterable[Path]) -> None:
    """Make the folder; UserError for a model without maps, or a folder that will be scored the next time."""
    if not DETECTORS[model.detector.kind].has_map:
        raise UserError(
            translate("This model judges images as a whole and has no maps: train one with --detector auto.")
        )
    target = folder.resolve()
    for path in scored:
        if path.is_dir() and path.resolve() in (target, *target.parents):
            raise UserError(
                translate(
                    "{folder} lies in {path}, whose images are scored: choose a folder beside it for the "
                    "maps.",
                    folder=folder,
                    path=path,
                )
            )
    make_folder(folder)


@dataclass
class MapWriter:
    """Writes, in any thread, NUMBER_NAME.overlay.jpg and NUMBER_NAME.npy for each image with a map.

    The array is float32, (224, 224) over the whole image, 1.0 at the model's level. A map that cannot be
    written costs itself only, and a warning says why; so does an image that went away.

    Parameters
    ----------
    depth : bits used of files of 16 bits; see `images.ReadingOptions`

    Attributes
    ----------
    lost : how many maps could not be written
    """

    folder: Path
    pixel_limit: int
    progress: Progress
    depth: int | None = 16
    lost: int = 0
    _lock: Lock = field(default_factory=Lock)

    def write_map(self, number: int, image: ImageResult) -> dict[str, Any]:
        """Return what JSON says of an image's map and its files."""
        if image.map is None:
            return {}
        name = f"{number:05}_{image.path.stem[:_LONGEST_NAME]}"
        files = {"overlay": f"{name}.overlay.jpg", "map": f"{name}.npy"}
        try:
            pixels = self._open_picture(image.path, image.map)
            _write_files(pixels, image, self.folder / files["overlay"], self.folder / files["map"])
        except OSError as error:
            with self._lock:
                self.lost += 1
            self._warn(
                translate("The map of {path} cannot be written: {error}.", path=image.path, error=error)
            )
            return {}
        return files

    def _warn(self, message: str) -> None:
        with self._lock:
            self.progress.warn(message)

    def _open_picture(self, path: Path, its_map: AnomalyMap) -> ImageArray:
        """Return an image to draw its map on; a grey one where it went away since it was judged."""
        try:
            return decode_small(path, _LONGEST_SIDE, self.pixel_limit, self.depth)
        except ImageRefusedError as error:
            self._warn(translate("{error}; its map is drawn on grey.", error=error))
        shrunk = min(1.0, _LONGEST_SIDE / max(its_map.width, its_map.height))
        height, width = (max(1, round(side * shrunk)) for side in (its_map.height, its_map.width))
        return np.full((height, width, 3), _GREY, np.uint8)


def _write_files(pixels: ImageArray, image: ImageResult, overlay_file: Path, array_file: Path) -> None:
    its_map = image.map
    if its_map is None:
        raise ValueError("only maps are written")
    height, width, _ = pixels.shape
    boxes = [_scale_region(region, width / its_map.width, height / its_map.height) for region in image.marked]
    picture = draw_boxes(overlay_map(pixels, its_map.at_size(width, height)), boxes)
    with atomic_write(overlay_file) as file:
        Image.fromarray(picture).save(file, "JPEG", quality=_QUALITY, subsampling=0)
    with atomic_write(array_file) as file:
        np.save(file, its_map.at_size(REGION_SIDE, REGION_SIDE), allow_pickle=False)


def _scale_region(region: Region, across: float, down: float) -> Region:
    return replace(
        region,
        x=int(region.x * across),
        y=int(region.y * down),
        width=max(1, round(region.width * across)),
        height=max(1, round(region.height * down)),
    )
