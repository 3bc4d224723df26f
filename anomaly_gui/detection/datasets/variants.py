"""Which good images are learned from in other light as well, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_WANTED = 60
"""Variants that few images should make: each of 10 images makes 5."""

_FEWEST_OF_EACH, _MOST_OF_EACH = 2, 5
_MOST = 300  # files of which any are made, where nothing else was asked for: light is learned long before


@dataclass(frozen=True)
class LearnedBefore:
    """How many images were learned before, and of how many of these variants, too."""

    files: int = 0
    varied: int = 0


NOTHING = LearnedBefore()


def share_variants(
    files: Sequence[Path], asked: int | None, before: LearnedBefore = NOTHING
) -> dict[Path, int]:
    """Return how many variants are made of each file; those of which none are made are not named.

    Parameters
    ----------
    asked : how many of each; None: as many as suit so many files, two of each where there are enough
    before : what counts beside these files
    """
    if asked is not None or not files:
        return dict.fromkeys(files, asked) if asked else {}
    of_each = int(np.clip(round(_WANTED / (before.files + len(files))), _FEWEST_OF_EACH, _MOST_OF_EACH))
    most = min(len(files), max(_MOST - before.varied, 0))
    chosen = np.unique(np.linspace(0, len(files) - 1, most).astype(int))
    return {files[index]: of_each for index in chosen}
