"""From raw pixels of good images to a trained network: the autoencoder, and Deep SVDD."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from anomaly_gui.detection.learning.architectures import add_decoder, make_autoencoder, make_svdd_encoder
from anomaly_gui.detection.learning.checkpoints import Checkpoints
from anomaly_gui.detection.learning.pixels import Pixels
from anomaly_gui.detection.learning.plan_networks import LearnedNetwork, is_grey
from anomaly_gui.detection.learning.schedule import Schedule
from anomaly_gui.detection.runtimes.keras_runtime import import_keras
from anomaly_gui.detection.settings.choices import NETWORK_SIZES
from anomaly_gui.errors import TrainingError
from anomaly_gui.language import translate
from anomaly_gui.wording import name_setting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.images.records import ImageRecord
    from anomaly_gui.detection.learning.architectures import Architecture
    from anomaly_gui.detection.learning.keras_network import KerasNetwork
    from anomaly_gui.detection.learning.objectives import Objective
    from anomaly_gui.detection.learning.split import Split
    from anomaly_gui.progress import Progress

_VERSION = 1
"""Raised with every change of how a network is trained: older checkpoints are of no use then."""

_AE_RATE, _SVDD_RATE = 3e-3, 1e-3
_PRETRAINED = 0.3  # share of the steps
_COLLAPSED = 1e-4  # of the distance that scrambled images had from the centre before training


@dataclass(frozen=True)
class LearnSettings:
    """How features are learned; see `TrainSettings`."""

    latent_size: int
    steps: int
    weight_decay: float
    objective: str
    nu: float
    pretrain: bool
    seed: int


def choose_input_size(requested: str, records: Sequence[tuple[int, int]]) -> int:
    """Return the side of a network's input: what was requested, or ("auto") what fits most images.

    Parameters
    ----------
    records : (width, height) of images

    >>> [choose_input_size("auto", [(28, 28)] * 3), choose_input_size("64", [(300, 300)])]
    [32, 64]
    """
    if requested != "auto":
        return int(requested)
    longest = float(np.median([max(one) for one in records])) if records else 128.0
    return next((size for size in NETWORK_SIZES[:3] if longest <= 1.5 * size), NETWORK_SIZES[2])


def checkpoint_key(kind: str, settings: LearnSettings, records: Sequence[ImageRecord], *more: object) -> str:
    """Return what tells one training from another: its images, settings, and whatever else decides it."""
    images = [record.sha256 for record in records]
    text = json.dumps([_VERSION, kind, asdict(settings), images, *map(str, more)])
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class NetworkTrainingSet:
    """What a network is learned from.

    Parameters
    ----------
    store : raw pixels of the images, (images, size * size, 3)
    size : side of the images
    split : which of them move weights, and which tell when to stop
    folder : of checkpoints, or None
    key : see `checkpoint_key`
    """

    store: CellStore
    size: int
    split: Split
    folder: Path | None
    key: str

    def open_checkpoints(self, step: str) -> Checkpoints | None:
        """Return those of one step of a training."""
        return Checkpoints(self.folder, f"{step}-{self.key}") if self.folder else None

    def open_pixels(self) -> Pixels:
        """Return the images as a network takes them: without colours where they have none."""
        grey = all(is_grey(cells) for _, cells in self.store.read_batches())
        return Pixels(self.store, self.size, 1 if grey else 3)


NetworkTrainer: TypeAlias = "Callable[[LearnSettings, NetworkTrainingSet, Progress], LearnedNetwork]"
"""Trains a network; errors as for `Learner.run`."""


def learn_autoencoder(
    settings: LearnSettings, training_set: NetworkTrainingSet, progress: Progress
) -> LearnedNetwork:
    """Train an autoencoder; errors as for `Learner.run`."""
    _seed_keras(settings.seed)
    pixels = training_set.open_pixels()
    architecture = make_autoencoder(training_set.size, pixels.channels, settings.latent_size)
    built = _learn_reconstruction(
        architecture, settings, training_set, pixels, progress, translate("Learning to reconstruct")
    )
    return LearnedNetwork(built.export_network())


def _learn_reconstruction(
    architecture: Architecture,
    settings: LearnSettings,
    training_set: NetworkTrainingSet,
    pixels: Pixels,
    progress: Progress,
    name: str,
    share: float = 1.0,
    *,
    affine: bool = True,
) -> KerasNetwork:
    from anomaly_gui.detection.learning.keras_network import KerasNetwork
    from anomaly_gui.detection.learning.objectives import Reconstruction

    built = KerasNetwork(architecture, affine=affine, policy=_choose_policy())
    schedule = _make_schedule(name, settings, share, _AE_RATE, augmented=True)
    _run_training(
        built,
        Reconstruction(),
        schedule,
        training_set,
        pixels,
        training_set.open_checkpoints("reconstructing"),
        progress,
    )
    return built


def _make_schedule(
    name: str, settings: LearnSettings, share: float, rate: float, *, augmented: bool
) -> Schedule:
    steps = round(share * settings.steps)
    return Schedule(name, steps, rate, settings.weight_decay, augmented=augmented, seed=settings.seed)


def _run_training(
    built: KerasNetwork,
    objective: Objective,
    schedule: Schedule,
    training_set: NetworkTrainingSet,
    pixels: Pixels,
    checkpoints: Checkpoints | None,
    progress: Progress,
) -> None:
    from anomaly_gui.detection.learning.learner import Learner

    split = training_set.split
    Learner(built, objective, schedule, pixels, split.learned, split.stopping, checkpoints).run(progress)


def learn_deep_svdd(
    settings: LearnSettings, training_set: NetworkTrainingSet, progress: Progress
) -> LearnedNetwork:
    """Train an encoder to map good images near a centre.

    Raises
    ------
    TrainingError : the network maps everything to the centre (it collapsed); else as for `Learner.run`
    """
    from anomaly_gui.detection.learning.keras_network import KerasNetwork
    from anomaly_gui.detection.learning.objectives import Svdd

    _seed_keras(settings.seed)
    pixels, checkpoints = training_set.open_pixels(), training_set.open_checkpoints("svdd")
    architecture = make_svdd_encoder(training_set.size, pixels.channels, settings.latent_size)
    built = KerasNetwork(architecture, affine=False, policy=_choose_policy())
    if settings.pretrain and not (checkpoints and checkpoints.exist()):  # else that is behind it
        built.take_over_encoder(_pretrain_encoder(architecture, settings, training_set, pixels, progress))
    objective = Svdd(
        compute_first_pass(built, pixels, training_set.split.fitted), settings.objective, settings.nu
    )
    scrambled = _scramble_pixels(pixels.load_images(training_set.split.stopping), settings.seed)
    before = _measure_distance(built, scrambled, objective.centre)
    share = 1 - _PRETRAINED if settings.pretrain else 1.0
    schedule = _make_schedule(
        translate("Learning to map good images to one place"), settings, share, _SVDD_RATE, augmented=False
    )
    _run_training(built, objective, schedule, training_set, pixels, checkpoints, progress)
    check_not_collapsed(before, _measure_distance(built, scrambled, objective.centre))
    return LearnedNetwork(built.export_network())


def _pretrain_encoder(
    encoder: Architecture,
    settings: LearnSettings,
    training_set: NetworkTrainingSet,
    pixels: Pixels,
    progress: Progress,
) -> KerasNetwork:
    name = translate("Learning to reconstruct first")
    whole = add_decoder(encoder)
    return _learn_reconstruction(
        whole, settings, training_set, pixels, progress, name, _PRETRAINED, affine=False
    )


def compute_first_pass(built: KerasNetwork, pixels: Pixels, numbers: IntArray) -> FloatArray:
    """Return latent vectors before training, (images, latent), normalised over each batch."""
    batches = np.array_split(numbers, max(1, len(numbers) // 128))
    return np.concatenate(
        [built.compute_outputs(pixels.load_images(one), training=True)[0].numpy() for one in batches]
    )


def _scramble_pixels(images: FloatArray, seed: int) -> FloatArray:
    """Return images whose pixels are in disorder: what no good part looks like."""
    count, side, _, channels = images.shape
    order = np.random.default_rng(seed).permutation(side * side)
    mixed: FloatArray = images.reshape(count, -1, channels)[:, order].reshape(images.shape)
    return mixed


def _measure_distance(built: KerasNetwork, images: FloatArray, centre: FloatArray) -> float:
    latent = built.compute_outputs(images, training=False)[0].numpy()
    return float(np.mean(np.sum((latent - centre) ** 2, axis=1)))


def check_not_collapsed(before: float, after: float) -> None:
    """Raise TrainingError where even scrambled images were brought to the centre.

    Parameters
    ----------
    before, after : mean squared distance of scrambled images from the centre, before training and after it
    """
    if not after > _COLLAPSED * before:
        raise TrainingError(
            translate(
                "Deep SVDD has collapsed: the network maps whatever it sees to one place, and cannot tell "
                "defects. Lower {setting}, or take another detector.",
                setting=name_setting("steps"),
            )
        )


def check_tensorflow() -> None:
    """Raise TrainingError where TensorFlow is not installed: before thousands of images are read."""
    from anomaly_gui.detection.runtimes.protocol import explain_missing_tensorflow, is_installed

    if not is_installed("tensorflow"):
        raise TrainingError(explain_missing_tensorflow(translate("Learning features")))


def _seed_keras(seed: int) -> None:
    import_keras().utils.set_random_seed(seed)


def _choose_policy() -> str:
    """Return what numbers a network computes with: halves where TensorFlow sees a GPU (not tried by us)."""
    from anomaly_gui.detection.runtimes.gpu import tensorflow_sees_a_gpu

    return "mixed_float16" if tensorflow_sees_a_gpu() else "float32"
