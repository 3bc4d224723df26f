"""Which good images are learned from in other light as well, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_WANTED = 60
"""Variants that few images should make: each of 10 images makes 5."""

_FEWEST_OF_EACH, _MOST_OF_EACH = 2, 5
_MOST = 300  # files of which any are made, where nothing else was asked for: light is learned long before


def share_variants(files: Sequence[Path], asked: int | None) -> dict[Path, int]:
    """Return how many variants are made of each file; those of which none are made are not named.

    Parameters
    ----------
    asked : how many of each; None: as many as suit so many files, two of each where there are enough
    """
    if asked is not None or not files:
        return dict.fromkeys(files, asked) if asked else {}
    of_each = int(np.clip(round(_WANTED / len(files)), _FEWEST_OF_EACH, _MOST_OF_EACH))
    chosen = np.unique(np.linspace(0, len(files) - 1, min(len(files), _MOST)).astype(int))
    return {files[index]: of_each for index in chosen}
