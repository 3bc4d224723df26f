"""Trains a network with Keras: epochs, early stopping, checkpoints; cancelled or ended at any batch."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.learning.checkpoints import Checkpoint
from anomaly_gui.detection.learning.forward import network_input
from anomaly_gui.detection.runtimes.keras_runtime import import_keras, import_tensorflow
from anomaly_gui.errors import TrainingError
from anomaly_gui.progress import Epoch
from anomaly_gui.wording import name_setting

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray, IntArray
    from anomaly_gui.detection.learning.checkpoints import Checkpoints
    from anomaly_gui.detection.learning.keras_network import KerasNetwork
    from anomaly_gui.detection.learning.objectives import Objective
    from anomaly_gui.progress import Progress

BATCH = 32
_PATIENCE = 0.3  # share of the epochs without a new best after which training ends
_SLOWEST = 0.02  # of the learning rate, at the end of its cosine
_FEWEST_EPOCHS = 10
_SAVED_EVERY = 5.0  # seconds between two checkpoints


@dataclass(frozen=True)
class Schedule:
    """How a training goes.

    Parameters
    ----------
    name : of the stage, for the user
    steps : batches in all
    rate : learning rate at the beginning; it falls to 2 % of that along a cosine
    weight_decay : decoupled from the gradient (AdamW: Loshchilov and Hutter, 2019)
    shaken : whether images are shifted, scaled and turned a little, anew in every epoch
    seed : of the order of the images
    """

    name: str
    steps: int
    rate: float
    weight_decay: float
    shaken: bool
    seed: int

    def epochs(self, images: int) -> int:
        """Return how often so many images are gone through, at most."""
        return max(_FEWEST_EPOCHS, -(-self.steps * BATCH // max(images, 1)))


@dataclass(frozen=True, eq=False)
class Pixels:
    """Images as a store of raw pixels keeps them, and as a network takes them."""

    store: CellStore
    size: int
    channels: int

    def of(self, numbers: IntArray) -> FloatArray:
        """Return (images, size, size, channels) float32 of some images."""
        raw: ImageArray = self.store.read_cells(numbers).astype(np.uint8)
        return network_input(raw.reshape(len(numbers), self.size, self.size, -1), self.channels)[0]


class Learner:
    """One training of one network.

    Parameters
    ----------
    learned, stopping : numbers of the images in `pixels` that move the weights, and that tell when to stop
    checkpoints : where its state is kept, or None
    """

    def __init__(
        self,
        built: KerasNetwork,
        objective: Objective,
        course: Schedule,
        pixels: Pixels,
        learned: IntArray,
        stopping: IntArray,
        checkpoints: Checkpoints | None,
    ) -> None:
        self._built, self._objective, self._course, self._pixels = built, objective, course, pixels
        self._learned, self._stopping, self._checkpoints = learned, stopping, checkpoints
        self._epochs = course.epochs(len(learned))
        self._state = Checkpoint()
        self._best_weights: list[FloatArray] = []
        self._saved = time.monotonic()
        self._make_functions()

    def _make_functions(self) -> None:
        keras, tf = import_keras(), import_tensorflow()
        self._optimizer = optimizer = keras.optimizers.AdamW(
            self._course.rate, weight_decay=self._course.weight_decay
        )
        if _is_mixed(self._built.model):
            self._optimizer = optimizer = keras.mixed_precision.LossScaleOptimizer(optimizer)
        built, objective, shaken = self._built, self._objective, self._course.shaken
        weights = built.model.trainable_variables
        optimizer.build(weights)

        def step(batch: Any) -> Any:
            images = shake(batch) if shaken else batch
            with tf.GradientTape() as tape:
                loss = objective.loss(built.outputs(images, training=True), images)
                scaled = optimizer.scale_loss(loss)
            optimizer.apply_gradients(zip(tape.gradient(scaled, weights), weights, strict=True))
            return loss

        shape = tf.TensorSpec((None, *self._built.architecture.input), tf.float32)
        self._step = tf.function(step, input_signature=[shape])
        self._seen = tf.function(partial(built.outputs, training=False), input_signature=[shape])

    def run(self, progress: Progress) -> list[tuple[float, float]]:
        """Train, leave the network with its best weights, and return each epoch's losses.

        Raises
        ------
        TrainingError : the training diverged, or learned nothing
        CancelledError : from `progress`; the last checkpoint stays
        """
        state = self._resume()
        progress.stage(self._course.name, self._epochs * len(self._learned))
        if state.epoch:
            progress.advance(state.epoch * len(self._learned))
            for epoch in range(state.epoch):
                progress.epoch(self._epoch(epoch))
        if not state.losses:
            state.start = self._held_out()
        is_ended = False
        while state.epoch < self._epochs and not is_ended:
            loss, is_ended = self._one_epoch(progress)
            self._end_epoch(loss, progress)
            is_ended = is_ended or state.epoch - 1 - state.best >= max(3, _PATIENCE * self._epochs)
        self._check_learned(state.start)
        self._built.model.set_weights(self._best_weights)
        if self._checkpoints:
            self._checkpoints.remove()
        return state.losses

    def _one_epoch(self, progress: Progress) -> tuple[float, bool]:
        """Go through the images once; return the mean loss, and whether to stop here was asked for."""
        random = np.random.default_rng([self._course.seed, self._state.epoch])
        order = random.permutation(self._learned)
        losses: list[float] = []
        self._set_rate()
        for first in range(0, len(order), BATCH):
            chosen = order[first : first + BATCH]
            if len(chosen) > 1 or not losses:  # one image has no variance over the batch
                losses.append(float(self._step(self._pixels.of(np.sort(chosen)))))
            if not np.isfinite(losses[-1]):
                raise TrainingError(
                    f"{self._course.name} has failed: the loss is no number any more in epoch "
                    f"{self._state.epoch + 1}. Look for images unlike all others, or change "
                    f"{name_setting('seed')}."
                )
            progress.advance(len(chosen))
            if progress.stops_early():
                return float(np.mean(losses)), True
        return float(np.mean(losses)), False

    def _set_rate(self) -> None:
        done = self._state.epoch / self._epochs
        falling = max(_SLOWEST, 0.5 * (1 + np.cos(np.pi * done)))
        inner = getattr(self._optimizer, "inner_optimizer", self._optimizer)
        inner.learning_rate.assign(self._course.rate * falling)

    def _end_epoch(self, loss: float, progress: Progress) -> None:
        state = self._state
        held_out = self._held_out()
        state.losses.append((loss, held_out))
        if state.best < 0 or held_out < state.losses[state.best][1]:
            state.best, self._best_weights = state.epoch, self._built.model.get_weights()
        progress.epoch(self._epoch(state.epoch))
        state.epoch += 1
        self._objective.after_epoch(self._latent, state.epoch / self._epochs)
        if self._checkpoints and time.monotonic() - self._saved >= _SAVED_EVERY:
            self._save(self._checkpoints, progress)

    def _epoch(self, number: int) -> Epoch:
        loss, held_out = self._state.losses[number]
        best = min(range(number + 1), key=lambda one: self._state.losses[one][1])
        return Epoch(self._course.name, number + 1, self._epochs, loss, held_out, best + 1)

    def _held_out(self) -> float:
        """Return the mean loss of the images that tell when to stop."""
        total = 0.0
        for first in range(0, len(self._stopping), BATCH):
            images = self._pixels.of(self._stopping[first : first + BATCH])
            total += float(self._objective.loss(self._seen(images), images)) * len(images)
        return total / len(self._stopping)

    def _latent(self) -> FloatArray:
        """Return the latent vectors of the images learned from, (images, latent)."""
        numbers = self._learned
        batches = (numbers[first : first + BATCH] for first in range(0, len(numbers), BATCH))
        return np.concatenate([self._seen(self._pixels.of(batch))[0].numpy() for batch in batches])

    def _check_learned(self, start: float) -> None:
        best = self._state.losses[self._state.best][1]
        if not best < start:
            raise TrainingError(
                f"{self._course.name} has failed: on images it was not trained on the loss never fell below "
                f"that of an untrained network ({start:.3g}). Give more images, or another detector."
            )

    def _resume(self) -> Checkpoint:
        found = self._checkpoints.load() if self._checkpoints else None
        if found is None or not self._fits(found):
            return self._state
        self._state = found
        self._built.model.set_weights(_numbered(found.arrays, "weights"))
        self._best_weights = _numbered(found.arrays, "best")
        for variable, value in zip(
            self._optimizer.variables, _numbered(found.arrays, "optimizer"), strict=True
        ):
            variable.assign(value)
        prefix = "objective."
        self._objective.set_state(
            {name.removeprefix(prefix): one for name, one in found.arrays.items() if name.startswith(prefix)}
        )
        return found

    def _fits(self, found: Checkpoint) -> bool:
        """Tell whether a state is one of this network: another Keras keeps other numbers."""
        weights = [one.shape for one in self._built.model.get_weights()]
        wanted = {
            "weights": weights,
            "best": weights,
            "optimizer": [tuple(one.shape) for one in self._optimizer.variables],
        }
        return len(found.losses) == found.epoch and all(
            [one.shape for one in _numbered(found.arrays, name)] == shapes for name, shapes in wanted.items()
        )

    def _save(self, checkpoints: Checkpoints, progress: Progress) -> None:
        arrays: dict[str, FloatArray] = {}
        optimizer = [variable.numpy() for variable in self._optimizer.variables]
        for name, values in (
            ("weights", self._built.model.get_weights()),
            ("best", self._best_weights),
            ("optimizer", optimizer),
        ):
            arrays |= {f"{name}.{place}": np.asarray(one) for place, one in enumerate(values)}
        arrays |= {f"objective.{name}": one for name, one in self._objective.state().items()}
        self._state.arrays = arrays
        try:
            checkpoints.save(self._state)
        except OSError as error:
            progress.warn(
                f"The state of the training cannot be kept in {checkpoints.folder} ({error.strerror}): the "
                "training goes on, but begins anew if it is cut off; free disk space there."
            )
            self._checkpoints = None
        self._saved = time.monotonic()


def _numbered(arrays: dict[str, FloatArray], name: str) -> list[FloatArray]:
    found: list[FloatArray] = []
    while f"{name}.{len(found)}" in arrays:
        found.append(arrays[f"{name}.{len(found)}"])
    return found


def _is_mixed(model: Any) -> bool:
    return any(layer.compute_dtype == "float16" for layer in model.layers)


_SHIFT, _TURN = 0.03, 0.1  # of the side, also of the scale; radians


def shake(batch: Any) -> Any:
    """Shift, scale and turn each image of (images, size, size, channels) a little.

    A few hundred images do not tell a network what all the others will look like. On the two hardest digits
    this is worth 0.03 AUROC to the autoencoder.
    """
    tf = import_tensorflow()
    count, side = tf.shape(batch)[0], tf.cast(tf.shape(batch)[1], tf.float32)
    angle = tf.random.uniform([count], -_TURN, _TURN)
    scale = 1 + tf.random.uniform([count], -_SHIFT, _SHIFT)
    right, down = (side * tf.random.uniform([count], -_SHIFT, _SHIFT) for _ in range(2))
    across, up, middle = scale * tf.cos(angle), scale * tf.sin(angle), (side - 1) / 2
    nought = tf.zeros([count])
    first = [across, -up, middle - across * middle + up * middle + right]
    second = [up, across, middle - up * middle - across * middle + down]
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=batch,
        transforms=tf.stack([*first, *second, nought, nought], 1),
        output_shape=tf.shape(batch)[1:3],
        interpolation="BILINEAR",
        fill_mode="NEAREST",
        fill_value=0.0,
    )
