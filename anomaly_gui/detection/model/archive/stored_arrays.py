"""The arrays of a model file, each taken once by its name, with the type and shape it has to have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.features.variants import Variants
from anomaly_gui.detection.images.look import NUMBERS
from anomaly_gui.detection.images.variants.light import NUMBERS as LIGHT_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray, IntArray

_MOST_REFERENCES, _MOST_VARIANTS = 64, 20


class StoredArrays:
    """The arrays of a file; every method raises ValueError for one that is missing or of another kind."""

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        self._left = dict(arrays)

    def take_scores(self, name: str, count: int) -> FloatArray:
        """Take (count,) float64."""
        scores: FloatArray = self._take_array(name, "float64", (count,))
        return scores

    def take_directions(self, name: str, rows: int, columns: int) -> FloatArray:
        """Take (rows, columns) float32."""
        directions: FloatArray = self._take_array(name, "float32", (rows, columns))
        return directions

    def take_vectors(self, name: str, count: int, length: int, *, in_full: bool) -> FloatArray:
        """Take (count, length) float32 where they are kept in full, else float16."""
        vectors: FloatArray = self._take_array(name, "float32" if in_full else "float16", (count, length))
        return vectors

    def take_traces(self, name: str, count: int) -> FloatArray | None:
        """Take (count, numbers) float64 of a few numbers, if the file has any."""
        if name not in self._left:
            return None
        traces: FloatArray = self._take_wide(name, "float64", count)
        return traces

    def take_fingerprints(self, name: str, count: int) -> ImageArray:
        """Take (count, length) uint8 of whatever length."""
        fingerprints: ImageArray = self._take_wide(name, "uint8", count)
        return fingerprints

    def take_cells(self, name: str, shape: tuple[int, int]) -> FloatArray:
        """Take (few, *shape) float16 of a few images."""
        few = self._left[name].shape[:1] if name in self._left else ()
        cells: FloatArray = self._take_array(name, "float16", (*few, *shape))
        return cells

    def take_indices(self, name: str, few: int, count: int) -> IntArray:
        """Take (few,) int64, ascending, each from 0 to count - 1."""
        indices: IntArray = self._take_array(name, "int64", (few,))
        if len(indices) and not (indices[0] >= 0 and indices[-1] < count and (np.diff(indices) > 0).all()):
            raise ValueError(
                f"{name} has a number that is not from 0 to {count - 1}, or that is out of order"
            )
        return indices

    def take_lights(self, name: str, count: int) -> FloatArray:
        """Take (count, 6) float32."""
        return self.take_directions(name, count, LIGHT_NUMBERS)

    def take_variants(self, name: str, images: int, length: int) -> Variants | None:
        """Take variants of images, under names that begin so, if the file has any."""
        if f"{name}.sources" not in self._left:
            return None
        count = self._left[f"{name}.sources"].size
        sources = self._take_array(f"{name}.sources", "int64", (count,))
        numbers = self._take_array(f"{name}.numbers", "int64", (count,))
        if count and not (sources[0] >= 0 and sources[-1] < images and (np.diff(sources) >= 0).all()):
            raise ValueError(f"{name} are of images that are not there, or out of order")
        if count and not 0 <= numbers.min() <= numbers.max() < _MOST_VARIANTS:
            raise ValueError(f"{name} have numbers that none can have")
        lights = self.take_lights(f"{name}.lights", count)
        return Variants(
            sources, numbers, lights, self.take_vectors(f"{name}.vectors", count, length, in_full=True)
        )

    def _take_wide(self, name: str, dtype: str, count: int) -> Any:
        wide = self._left[name].shape[-1:] if name in self._left else ()
        return self._take_array(name, dtype, (count, *wide))

    def take_groups(self, name: str, count: int) -> IntArray:
        """Take (count,) int64, each from 0 to count - 1."""
        numbers: IntArray = self._take_array(name, "int64", (count,))
        if count and not (numbers.min() >= 0 and numbers.max() < count):
            raise ValueError(f"{name} has a number that is not from 0 to {count - 1}")
        return numbers

    def take_sizes(self, name: str, count: int) -> IntArray:
        """Take (count, 2) int64, widths and heights of images in pixels."""
        sizes: IntArray = self._take_array(name, "int64", (count, 2))
        if count and sizes.min() < 1:
            raise ValueError(f"{name} has an image without pixels")
        return sizes

    def take_digests(self, name: str, count: int) -> list[str]:
        """Take (count, 32) uint8, as that many SHA-256 in hexadecimal digits."""
        digits = self._take_array(name, "uint8", (count, 32)).tobytes().hex()
        return [digits[first : first + 64] for first in range(0, len(digits), 64)]

    def take_pixels(self, name: str, shape: tuple[int, int]) -> ImageArray:
        """Take (images, *shape, 3) uint8, of one image to 64."""
        count = len(self._left[name]) if name in self._left and self._left[name].ndim else 0
        if not 0 < count <= _MOST_REFERENCES:
            raise ValueError(f"{name} is missing or holds too many")
        pixels: ImageArray = self._take_array(name, "uint8", (count, *shape, 3))
        return pixels

    def take_mask(self, name: str, count: int) -> BoolArray | None:
        """Take (count,) truth values, if the file has any."""
        if name not in self._left:
            return None
        known: BoolArray = self._take_array(name, "bool", (count,))
        return known

    def take_looks(self, name: str, count: int) -> FloatArray | None:
        """Take (count, 4) float32, if the file has any."""
        return self.take_directions(name, count, NUMBERS) if name in self._left else None

    def take_all(self, prefix: str) -> dict[str, FloatArray]:
        """Take every array whose name begins so, under the rest of its name."""
        names = [name for name in self._left if name.startswith(prefix)]
        return {name.removeprefix(prefix): self._left.pop(name) for name in names}

    def _take_array(self, name: str, dtype: str, shape: tuple[int, ...]) -> Any:
        if name not in self._left:
            raise ValueError(f"the array {name} is missing")
        values = self._left.pop(name)
        if values.dtype != dtype or values.shape != shape:
            raise ValueError(f"{name} is {values.dtype} of shape {values.shape}, not {dtype} of {shape}")
        return values

    def check_all_taken(self) -> None:
        """Raise ValueError where an array is left that no model has."""
        if self._left:
            raise ValueError(f"no model has arrays named {', '.join(sorted(self._left))}")
