"""Trains a network with Keras: epochs, early stopping, checkpoints; cancelled or ended at any batch."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.learning.augmentation import augment_images
from anomaly_gui.detection.learning.checkpoints import Checkpoint
from anomaly_gui.detection.learning.schedule import BATCH
from anomaly_gui.detection.runtimes.keras_runtime import import_keras, import_tensorflow
from anomaly_gui.errors import TrainingError
from anomaly_gui.language import translate
from anomaly_gui.progress import Epoch
from anomaly_gui.wording import explain_os_error, name_setting

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.learning.checkpoints import Checkpoints
    from anomaly_gui.detection.learning.keras_network import KerasNetwork
    from anomaly_gui.detection.learning.objectives import Objective
    from anomaly_gui.detection.learning.pixels import Pixels
    from anomaly_gui.detection.learning.schedule import Schedule
    from anomaly_gui.progress import Progress

_PATIENCE = 0.3  # share of the epochs without a new best after which training ends
_SLOWEST = 0.02  # of the learning rate, at the end of its cosine
_SAVED_EVERY = 5.0  # seconds between two checkpoints


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
        schedule: Schedule,
        pixels: Pixels,
        learned: IntArray,
        stopping: IntArray,
        checkpoints: Checkpoints | None,
    ) -> None:
        self._built, self._objective, self._schedule, self._pixels = built, objective, schedule, pixels
        self._learned, self._stopping, self._checkpoints = learned, stopping, checkpoints
        self._epochs = schedule.count_epochs(len(learned))
        self._state = Checkpoint()
        self._best_weights: list[FloatArray] = []
        self._saved = time.monotonic()
        self._make_functions()

    def _make_functions(self) -> None:
        keras, tf = import_keras(), import_tensorflow()
        self._optimizer = optimizer = keras.optimizers.AdamW(
            self._schedule.rate, weight_decay=self._schedule.weight_decay
        )
        if _is_mixed(self._built.model):
            self._optimizer = optimizer = keras.mixed_precision.LossScaleOptimizer(optimizer)
        built, objective, augmented = self._built, self._objective, self._schedule.augmented
        weights = built.model.trainable_variables
        optimizer.build(weights)

        def train_step(batch: Any) -> Any:
            images = augment_images(batch) if augmented else batch
            with tf.GradientTape() as tape:
                loss = objective.loss(built.compute_outputs(images, training=True), images)
                scaled = optimizer.scale_loss(loss)
            optimizer.apply_gradients(zip(tape.gradient(scaled, weights), weights, strict=True))
            return loss

        shape = tf.TensorSpec((None, *self._built.architecture.input_shape), tf.float32)
        self._step = tf.function(train_step, input_signature=[shape])
        self._seen = tf.function(partial(built.compute_outputs, training=False), input_signature=[shape])

    def run(self, progress: Progress) -> list[tuple[float, float]]:
        """Train, leave the network with its best weights, and return each epoch's losses.

        Raises
        ------
        TrainingError : the training diverged, or learned nothing
        CancelledError : from `progress`; the last checkpoint stays
        """
        state = self._resume_state()
        progress.stage(self._schedule.name, self._epochs * len(self._learned))
        if state.epoch:
            progress.advance(state.epoch * len(self._learned))
            for epoch in range(state.epoch):
                progress.epoch(self._describe_epoch(epoch))
        if not state.losses:
            state.start = self._measure_held_out()
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
        random = np.random.default_rng([self._schedule.seed, self._state.epoch])
        order = random.permutation(self._learned)
        losses: list[float] = []
        self._set_rate()
        for first in range(0, len(order), BATCH):
            chosen = order[first : first + BATCH]
            if len(chosen) > 1 or not losses:  # one image has no variance over the batch
                losses.append(float(self._step(self._pixels.load_images(np.sort(chosen)))))
            if not np.isfinite(losses[-1]):
                raise TrainingError(
                    translate(
                        "{training} has failed: the loss is no number any more in epoch {epoch}. Look "
                        "for images unlike all others, or change {setting}.",
                        training=self._schedule.name,
                        epoch=self._state.epoch + 1,
                        setting=name_setting("seed"),
                    )
                )
            progress.advance(len(chosen))
            if progress.stops_early():
                return float(np.mean(losses)), True
        return float(np.mean(losses)), False

    def _set_rate(self) -> None:
        done = self._state.epoch / self._epochs
        falling = max(_SLOWEST, 0.5 * (1 + np.cos(np.pi * done)))
        inner = getattr(self._optimizer, "inner_optimizer", self._optimizer)
        inner.learning_rate.assign(self._schedule.rate * falling)

    def _end_epoch(self, loss: float, progress: Progress) -> None:
        state = self._state
        held_out = self._measure_held_out()
        state.losses.append((loss, held_out))
        if state.best < 0 or held_out < state.losses[state.best][1]:
            state.best, self._best_weights = state.epoch, self._built.model.get_weights()
        progress.epoch(self._describe_epoch(state.epoch))
        state.epoch += 1
        self._objective.after_epoch(self._compute_latent, state.epoch / self._epochs)
        if self._checkpoints and time.monotonic() - self._saved >= _SAVED_EVERY:
            self._save_state(self._checkpoints, progress)

    def _describe_epoch(self, number: int) -> Epoch:
        loss, held_out = self._state.losses[number]
        best = min(range(number + 1), key=lambda one: self._state.losses[one][1])
        return Epoch(self._schedule.name, number + 1, self._epochs, loss, held_out, best + 1)

    def _measure_held_out(self) -> float:
        """Return the mean loss of the images that tell when to stop."""
        total = 0.0
        for first in range(0, len(self._stopping), BATCH):
            images = self._pixels.load_images(self._stopping[first : first + BATCH])
            total += float(self._objective.loss(self._seen(images), images)) * len(images)
        return total / len(self._stopping)

    def _compute_latent(self) -> FloatArray:
        """Return the latent vectors of the images learned from, (images, latent)."""
        numbers = self._learned
        batches = (numbers[first : first + BATCH] for first in range(0, len(numbers), BATCH))
        return np.concatenate([self._seen(self._pixels.load_images(batch))[0].numpy() for batch in batches])

    def _check_learned(self, start: float) -> None:
        best = self._state.losses[self._state.best][1]
        if not best < start:
            raise TrainingError(
                translate(
                    "{training} has failed: on images it was not trained on the loss never fell below "
                    "that of an untrained network ({start:.3g}). Give more images, or another detector.",
                    training=self._schedule.name,
                    start=start,
                )
            )

    def _resume_state(self) -> Checkpoint:
        found = self._checkpoints.load() if self._checkpoints else None
        if found is None or not self._fits_network(found):
            return self._state
        self._state = found
        self._built.model.set_weights(_list_numbered(found.arrays, "weights"))
        self._best_weights = _list_numbered(found.arrays, "best")
        for variable, value in zip(
            self._optimizer.variables, _list_numbered(found.arrays, "optimizer"), strict=True
        ):
            variable.assign(value)
        prefix = "objective."
        self._objective.set_state(
            {name.removeprefix(prefix): one for name, one in found.arrays.items() if name.startswith(prefix)}
        )
        return found

    def _fits_network(self, found: Checkpoint) -> bool:
        """Tell whether a state is one of this network: another Keras keeps other numbers."""
        weights = [one.shape for one in self._built.model.get_weights()]
        wanted = {
            "weights": weights,
            "best": weights,
            "optimizer": [tuple(one.shape) for one in self._optimizer.variables],
        }
        return len(found.losses) == found.epoch and all(
            [one.shape for one in _list_numbered(found.arrays, name)] == shapes
            for name, shapes in wanted.items()
        )

    def _save_state(self, checkpoints: Checkpoints, progress: Progress) -> None:
        arrays: dict[str, FloatArray] = {}
        optimizer = [variable.numpy() for variable in self._optimizer.variables]
        for name, values in (
            ("weights", self._built.model.get_weights()),
            ("best", self._best_weights),
            ("optimizer", optimizer),
        ):
            arrays |= {f"{name}.{index}": np.asarray(one) for index, one in enumerate(values)}
        arrays |= {f"objective.{name}": one for name, one in self._objective.state().items()}
        self._state.arrays = arrays
        try:
            checkpoints.save(self._state)
        except OSError as error:
            progress.warn(
                translate(
                    "The state of the training cannot be kept in {folder} ({why}): the training goes on, but "
                    "begins anew if it is cut off; free disk space there.",
                    folder=checkpoints.folder,
                    why=explain_os_error(error),
                )
            )
            self._checkpoints = None
        self._saved = time.monotonic()


def _list_numbered(arrays: dict[str, FloatArray], name: str) -> list[FloatArray]:
    found: list[FloatArray] = []
    while f"{name}.{len(found)}" in arrays:
        found.append(arrays[f"{name}.{len(found)}"])
    return found


def _is_mixed(model: Any) -> bool:
    return any(layer.compute_dtype == "float16" for layer in model.layers)
