"""What is to become of a model's images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class UpdateRequest:
    """Which images a model is to learn from beside those it did, and which no more.

    Parameters
    ----------
    added : folders and files of good images
    without : files the model learned from, by their names then or by what is in them; folders of such
    excluded : files and folders among those added that are not to be used
    suspects : what becomes of added images unlike all others; None: what became of them in the training
    surely_good : files among those added that a person has judged: they are no suspects
    """

    added: tuple[Path, ...] = ()
    without: tuple[Path, ...] = ()
    excluded: tuple[Path, ...] = ()
    suspects: str | None = None
    surely_good: tuple[Path, ...] = ()
