"""A training's state on disk, so that one that was killed goes on where it was."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.paths import atomic_write

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray

_KEPT = 4  # checkpoints of other trainings: what was not touched for longest goes first


@dataclass(eq=False)
class Checkpoint:
    """Where a training is.

    Parameters
    ----------
    epoch : how many are done
    losses : of each, in training and on the images that tell when to stop
    best : number of the epoch with the lowest of the latter, and -1 before the first
    start : loss of the latter before the first epoch
    arrays : weights, best weights, and the states of optimizer and objective
    """

    epoch: int = 0
    losses: list[tuple[float, float]] = field(default_factory=list)
    best: int = -1
    start: float = float("inf")
    arrays: dict[str, FloatArray] = field(default_factory=dict)


class Checkpoints:
    """One file for each training that goes on.

    Parameters
    ----------
    folder : where they are; made if it is missing
    key : tells the training: its images, settings, and split
    """

    def __init__(self, folder: Path, key: str) -> None:
        self.folder, self._file = folder, folder / f"{key}.npz"

    def load(self) -> Checkpoint | None:
        """Return what was saved, or None where there is nothing whole."""
        try:
            with self._file.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            about: dict[str, Any] = json.loads(bytes(arrays.pop("about")))
            losses = [(float(one), float(other)) for one, other in about["losses"]]
            return Checkpoint(int(about["epoch"]), losses, int(about["best"]), float(about["start"]), arrays)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None  # there is none, or a damaged one: the training begins anew

    def save(self, state: Checkpoint) -> None:
        """Keep a state in place of the one before.

        Raises
        ------
        OSError : the disk cannot hold it
        """
        about = {"epoch": state.epoch, "losses": state.losses, "best": state.best, "start": state.start}
        content = io.BytesIO()
        text = np.frombuffer(json.dumps(about).encode(), np.uint8)
        np.savez(content, about=text, **state.arrays)  # type: ignore[arg-type]
        self.folder.mkdir(parents=True, exist_ok=True)
        with atomic_write(self._file) as file:
            file.write(content.getvalue())
        self._forget_old()

    def _forget_old(self) -> None:
        files = sorted(self.folder.glob("*.npz"), key=lambda file: file.stat().st_mtime)
        for file in files[:-_KEPT]:
            file.unlink(missing_ok=True)

    def exist(self) -> bool:
        """Tell whether something was saved."""
        return self._file.exists()

    def remove(self) -> None:
        """Forget this training: it is done."""
        self._file.unlink(missing_ok=True)
