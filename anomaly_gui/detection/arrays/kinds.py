"""Names for the kinds of arrays that are handed about."""

from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.floating[Any]]
IntArray: TypeAlias = NDArray[np.integer[Any]]
BoolArray: TypeAlias = NDArray[np.bool_]
ImageArray: TypeAlias = NDArray[np.uint8]


class Rows(Protocol):
    """(rows, length), an array or a store on disk; read by slices and by arrays of row numbers."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, length)."""

    def __len__(self) -> int:
        """Return how many rows there are."""

    def __getitem__(self, key: Any, /) -> Any:
        """Return rows as an array."""
