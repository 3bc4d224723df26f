"""What a network is trained for: to reconstruct images, or to map them near a centre."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from anomaly_gui.detection.runtimes.keras_runtime import import_tensorflow
from anomaly_gui.detection.settings.choices import ONE_CLASS, SOFT_BOUNDARY

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.detection.arrays.kinds import FloatArray

_OFF_ZERO = 0.1  # a coordinate of the centre nearer to 0 could be reached with weights of 0
_WARM_UP = 0.1  # share of the epochs before the radius is moved


class Objective(Protocol):
    """A loss over a batch of images and what the network made of it."""

    def loss(self, outputs: list[Any], images: Any) -> Any:
        """Return the mean loss of a batch, a scalar tensor."""

    def after_epoch(self, latent: Callable[[], FloatArray], share_done: float) -> None:
        """Adapt to the images learned from; `latent` computes their latent vectors, (images, latent)."""

    def state(self) -> dict[str, FloatArray]:
        """Return what `set_state` takes to go on with."""

    def set_state(self, state: dict[str, FloatArray]) -> None:
        """Go on with a state."""


class Reconstruction:
    """The mean squared error of the reconstruction."""

    def loss(self, outputs: list[Any], images: Any) -> Any:
        """See `Objective`."""
        tf = import_tensorflow()

        return tf.reduce_mean((outputs[1] - images) ** 2)

    def after_epoch(self, latent: Callable[[], FloatArray], share_done: float) -> None:
        """Nothing to adapt."""

    def state(self) -> dict[str, FloatArray]:
        """Return nothing; see `Objective`."""
        return {}

    def set_state(self, state: dict[str, FloatArray]) -> None:
        """Nothing to set."""


class Svdd:
    """Deep SVDD's objectives: equations 3 and 4 of Ruff et al., ICML 2018.

    Parameters
    ----------
    latent : (images, latent), of a first pass through the network before training; their mean is the centre
    boundary : one of `OBJECTIVES`
    nu : share of images that the soft boundary may leave out
    """

    def __init__(self, latent: FloatArray, boundary: str, nu: float) -> None:
        tf = import_tensorflow()

        self._boundary, self._nu = boundary, nu
        self._centre = tf.Variable(off_zero(latent.mean(axis=0)), trainable=False)
        self._radius2 = tf.Variable(0.0, trainable=False)

    @property
    def centre(self) -> FloatArray:
        """(latent,) float32."""
        centre: FloatArray = self._centre.numpy()
        return centre

    def loss(self, outputs: list[Any], images: Any) -> Any:  # noqa: ARG002 - the protocol's signature
        """See `Objective`."""
        tf = import_tensorflow()

        distances = tf.reduce_sum((outputs[0] - self._centre) ** 2, axis=1)
        if self._boundary == ONE_CLASS:
            return tf.reduce_mean(distances)
        beyond = tf.nn.relu(distances - self._radius2)
        return self._radius2 + tf.reduce_mean(beyond) / self._nu

    def after_epoch(self, latent: Callable[[], FloatArray], share_done: float) -> None:
        """Move the radius so that the share of images that may be outside is."""
        if self._boundary == SOFT_BOUNDARY and share_done >= _WARM_UP:
            distances = np.sum((latent() - self.centre) ** 2, axis=1)
            self._radius2.assign(np.float32(np.quantile(distances, 1 - self._nu)))

    def state(self) -> dict[str, FloatArray]:
        """Return centre and radius; see `Objective`."""
        return {"centre": self.centre, "radius2": np.asarray(self._radius2.numpy())}

    def set_state(self, state: dict[str, FloatArray]) -> None:
        """See `Objective`."""
        self._centre.assign(state["centre"])
        self._radius2.assign(state["radius2"])


def off_zero(centre: FloatArray) -> FloatArray:
    """Return a centre whose coordinates are at least 0.1 from 0.

    >>> off_zero(np.array([0.5, 0.01, -0.02])).round(2)
    array([ 0.5,  0.1, -0.1], dtype=float32)
    """
    near = np.abs(centre) < _OFF_ZERO
    moved = np.where(near, np.where(centre < 0, -_OFF_ZERO, _OFF_ZERO), centre)
    away: FloatArray = moved.astype(np.float32)
    return away
