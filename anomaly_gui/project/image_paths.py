"""Paths as a project's files hold them: relative where the images lie beside it, so that both can move."""

from __future__ import annotations

import os
from pathlib import Path


class ImagePaths:
    """Turns paths into texts and back, for one place of a project.

    What lies in the folder that holds the project is written relative to the project, with slashes; all else
    stays absolute.
    """

    def __init__(self, project: Path) -> None:
        self._beside = os.path.join(project.parent, "")  # noqa: PTH118 - with a separator at its end

    def write_path(self, path: Path) -> str:
        """Return a path as text.

        >>> ImagePaths(Path("/parts/caps.anomalyproj")).write_path(Path("/parts/good/1.png"))
        '../good/1.png'
        """
        text = os.fspath(path)
        if not text.startswith(self._beside):
            return text
        return "../" + text[len(self._beside) :].replace(os.sep, "/")

    def read_text(self, text: str) -> str:
        """Return the whole path that a text stands for, as text."""
        return self._beside + text[3:] if text.startswith("../") else text

    def read_path(self, text: str) -> Path:
        """Return the path that a text stands for.

        >>> print(ImagePaths(Path("/elsewhere/caps.anomalyproj")).read_path("../good/1.png"))
        /elsewhere/good/1.png
        """
        return Path(self.read_text(text))
