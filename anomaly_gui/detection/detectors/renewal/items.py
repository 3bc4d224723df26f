"""What is learned from: images, and variants of them in another light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import BoolArray, IntArray


@dataclass(frozen=True, eq=False)
class Items:
    """Images and variants, in the order that densities know them by.

    Parameters
    ----------
    sources : (items,) the index of the image that each is, or is a variant of
    is_image : (items,) which are images
    """

    sources: IntArray
    is_image: BoolArray

    @classmethod
    def list_all(cls, images: int, variants: IntArray | None) -> Items:
        """Return so many images, then variants of them by their sources, (variants,) or None."""
        of_variants = np.empty(0, np.int64) if variants is None else variants
        sources = np.concatenate([np.arange(images), of_variants])
        return cls(sources, np.arange(len(sources)) < images)

    def of_images(self, images: IntArray) -> IntArray:
        """Return the indices of some images and their variants, ascending."""
        return np.flatnonzero(np.isin(self.sources, images))

    def without_others(self, images: IntArray) -> Items:
        """Return those of some images, by their ascending indices, as if there were no others."""
        which = self.of_images(images)
        return Items(np.searchsorted(images, self.sources[which]), self.is_image[which])

    def join(self, others: Items) -> Items:
        """Return these, then others, whose images are numbered behind these."""
        sources = np.concatenate([self.sources, int(self.is_image.sum()) + others.sources])
        return Items(sources, np.concatenate([self.is_image, others.is_image]))

    @property
    def images_first(self) -> IntArray:
        """The indices of all images, then of all variants, (items,)."""
        return np.argsort(~self.is_image, kind="stable")

    @property
    def places(self) -> IntArray:
        """Where each comes among all images, then all variants, (items,)."""
        return np.argsort(self.images_first, kind="stable")
