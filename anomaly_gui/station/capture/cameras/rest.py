"""A part comes into view and rests: what a trigger by change in the picture waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from anomaly_gui.station.capture.cameras.source import Frame
    from anomaly_gui.station.settings.trigger_settings import ChangeTrigger

View = NDArray[np.float32]
"""A frame made small, in grey levels from 0 to 255."""

_SIDE = 160  # pixels of a view's longer side, at most twice as many
_DRIFT = 0.02  # how much of each frame goes into the background: light changes slowly


def shrink_frame(frame: Frame) -> View:
    """Return a frame made small, each pixel the mean of those it stands for."""
    step = max(1, max(frame.shape[:2]) // _SIDE)
    height, width = (side // step * step for side in frame.shape[:2])
    grey = frame if frame.ndim == 2 else frame[..., 1]  # green: most of what is bright
    blocks = grey[:height, :width].reshape(height // step, step, width // step, step)
    scale = 255 / np.iinfo(frame.dtype).max
    return np.asarray(blocks.mean(axis=(1, 3), dtype=np.float32) * np.float32(scale))


class RestWatch:
    """Tells when something new has come to rest. It begins with nothing in view.

    Parameters
    ----------
    background : what the view is without a part, of an earlier watch; None: the first that is at rest
    """

    def __init__(self, settings: ChangeTrigger, background: View | None = None) -> None:
        self._settings, self.background = settings, background
        self._last: View | None = None
        self._still = 0
        self._is_told = False

    def see_frame(self, frame: Frame) -> bool:
        """Tell whether a part has just come to rest in this frame."""
        view = shrink_frame(frame)
        if self._last is not None and not self._differ(view, self._last):
            self._still += 1
        else:
            self._still, self._is_told = 0, False
        self._last = view
        if self._still < self._settings.frames - 1:
            return False
        return self._judge_rest(view)

    def _judge_rest(self, view: View) -> bool:
        if self.background is None or self.background.shape != view.shape:
            self.background = view
        if not self._differ(view, self.background):
            self.background = (1 - _DRIFT) * self.background + _DRIFT * view
            self._is_told = True
        is_new, self._is_told = not self._is_told, True
        return is_new

    def _differ(self, one: View, other: View) -> bool:
        if one.shape != other.shape:
            return True
        apart = np.abs(one - other) > self._settings.levels
        return bool(apart.mean() >= self._settings.share)
