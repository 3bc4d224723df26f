"""Paths of many images as texts to search and to sort by, made once: pathlib takes seconds for 100,000."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import IntArray
    from anomaly_gui.gui.state.image_table import ImageTable


class PathTexts:
    """Follows a table as it grows.

    Attributes
    ----------
    paths : whole paths, without regard to case
    """

    def __init__(self) -> None:
        self._table: ImageTable | None = None
        self._clear_texts()

    def _clear_texts(self) -> None:
        self.paths: list[str] = []
        self._names: list[str] = []
        self._by_name: list[int] = []
        self._folders: dict[str, int] = {}
        self._folder_of: list[int] = []

    def catch_up(self, table: ImageTable) -> None:
        """Take in the images that are new."""
        if table is not self._table:
            self._table = table
            self._clear_texts()
        for path in table.paths[len(self.paths) :]:
            text = str(path).casefold()
            folder, name = os.path.split(text)
            self.paths.append(text)
            self._names.append(name)
            self._folder_of.append(self._folders.setdefault(folder, len(self._folders)))

    def ranks_by_name(self) -> IntArray:
        """Return the rank of each row when sorted by name, (rows,)."""
        # nearly sorted already when images are added: Python's sort makes use of that, numpy's does not
        new = range(len(self._by_name), len(self._names))
        self._by_name = sorted([*self._by_name, *new], key=self._names.__getitem__)
        ranks = np.empty(len(self._by_name), np.int64)
        ranks[self._by_name] = np.arange(len(ranks))
        return ranks

    def ranks_by_folder(self) -> IntArray:
        """Return the rank of each row's folder when folders are sorted, (rows,)."""
        ranks = np.empty(len(self._folders), np.int64)
        ranks[[self._folders[folder] for folder in sorted(self._folders)]] = np.arange(len(ranks))
        by_row: IntArray = ranks[self._folder_of]
        return by_row
