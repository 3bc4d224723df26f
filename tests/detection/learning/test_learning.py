"""Networks as data: what Keras trains, numpy runs; and what a training does when it is cut off or fails."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from anomaly_gui.detection.arrays.cell_store import CellStore
from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.learning.architectures import (
    CONVOLUTION,
    DENSE,
    Architecture,
    add_decoder,
    make_autoencoder,
    make_svdd_encoder,
)
from anomaly_gui.detection.learning.checkpoints import Checkpoint, Checkpoints
from anomaly_gui.detection.learning.forward import Network, network_input
from anomaly_gui.detection.learning.keras_network import KerasNetwork
from anomaly_gui.detection.learning.learned_features import check_not_collapsed
from anomaly_gui.detection.learning.learner import Learner
from anomaly_gui.detection.learning.objectives import Reconstruction, Svdd, off_zero
from anomaly_gui.detection.learning.pixels import Pixels
from anomaly_gui.detection.learning.plan_networks import smooth_residual
from anomaly_gui.detection.learning.schedule import Schedule
from anomaly_gui.detection.learning.split import split_parts
from anomaly_gui.detection.settings.choices import NETWORK_SIZES, ONE_CLASS, SOFT_BOUNDARY
from anomaly_gui.errors import TrainingError
from anomaly_gui.progress import CancelledError, SilentProgress

COUNT, SIDE = 48, 32


@pytest.mark.parametrize("size", NETWORK_SIZES)
@pytest.mark.parametrize("channels", [1, 3])
def test_architectures_survive_json(size, channels):
    for made in (make_autoencoder(size, channels, 16), make_svdd_encoder(size, channels, 16)):
        assert Architecture.from_values(made.to_values()) == made
        assert made.latent_size == 16


def test_deep_svdd_has_no_bias_anywhere():
    whole = add_decoder(make_svdd_encoder(64, 1, 8))
    weighted = [one for one in (*whole.encoder, *whole.decoder) if one.kind in (CONVOLUTION, DENSE)]
    assert weighted
    assert not any(one.bias for one in weighted)
    built = KerasNetwork(whole, affine=False)
    names = [weight.path.rsplit("/")[-1] for weight in built.model.trainable_weights]
    assert set(names) == {"kernel"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": 33},
        {"channels": 2},
        {"encoder": []},
        {"decoder": make_autoencoder(64, 1, 16).to_values()["decoder"]},
        {"encoder": make_autoencoder(32, 1, 16).to_values()["encoder"][:-1]},
    ],
)
def test_what_is_no_network_is_refused(wrong):
    with pytest.raises(ValueError, match=r"network|decoder|encoder|channels"):
        Architecture.from_values({**make_autoencoder(32, 1, 16).to_values(), **wrong})


def _random_statistics(built, random):
    """Give normalisations the statistics of a trained network."""
    for layer in built.model.layers:
        if "batch_normalization" in layer.name:
            *learned, mean, variance = layer.get_weights()
            learned = [random.uniform(0.5, 1.5, one.shape) for one in learned]
            layer.set_weights(
                [*learned, random.normal(0, 0.3, mean.shape), random.uniform(0.5, 2, variance.shape)]
            )


@pytest.mark.parametrize("size", [32, 64])
@pytest.mark.parametrize("affine", [True, False])
def test_numpy_runs_what_keras_trained(size, affine):
    random = np.random.default_rng(0)
    architecture = make_autoencoder(size, 3, 12) if affine else add_decoder(make_svdd_encoder(size, 1, 12))
    built = KerasNetwork(architecture, affine=affine)
    _random_statistics(built, random)
    images = random.normal(size=(5, size, size, architecture.channels)).astype(np.float32)
    latent, image = (np.asarray(one) for one in built.compute_outputs(images, training=False))
    network = built.export_network()
    encoded = network.encode_images(images)
    np.testing.assert_allclose(encoded, latent, atol=1e-4 * np.abs(latent).max())
    decoded = network.decode_vectors(encoded)
    np.testing.assert_allclose(decoded, image, atol=1e-4 * np.abs(image).max())
    assert np.abs(image).max() > 0.1


def test_a_network_takes_no_weights_of_another_one():
    network = KerasNetwork(make_autoencoder(32, 1, 8), affine=True).export_network()
    with pytest.raises(ValueError, match="lacks weights"):
        Network(make_svdd_encoder(32, 1, 8), network.arrays)
    name = "encoder.0.kernel"
    with pytest.raises(ValueError, match=name):
        Network(network.architecture, {**network.arrays, name: network.arrays[name][..., :-1]})


def test_contrast_and_brightness_are_taken_out_and_told():
    random = np.random.default_rng(1)
    image = random.integers(80, 120, (1, SIDE, SIDE, 3), np.uint8)
    brighter = 2 * image
    (one, before), (other, after) = network_input(image, 3), network_input(brighter, 3)
    np.testing.assert_allclose(one, other, atol=0.2)
    np.testing.assert_allclose(after.mean, 2 * before.mean, rtol=1e-5)
    flat, _ = network_input(np.full((1, SIDE, SIDE, 3), 90, np.uint8), 1)
    assert flat.shape == (1, SIDE, SIDE, 1)
    np.testing.assert_allclose(flat, 0, atol=1e-5)


def test_centre_keeps_off_nought_and_the_radius_leaves_a_share_outside():
    random = np.random.default_rng(2)
    latent = random.normal(0, 1, (200, 4)).astype(np.float32)
    assert np.abs(off_zero(latent.mean(axis=0))).min() >= 0.1 - 1e-6
    soft = Svdd(latent, SOFT_BOUNDARY, 0.2)
    soft.after_epoch(lambda: latent, 0.5)
    distances = np.sum((latent - soft.centre) ** 2, axis=1)
    assert np.mean(distances > soft.state()["radius2"]) == pytest.approx(0.2, abs=0.01)
    plain = Svdd(latent, ONE_CLASS, 0.2)
    plain.after_epoch(lambda: latent, 0.5)
    assert plain.state()["radius2"] == 0
    assert float(plain.loss([latent], None)) == pytest.approx(distances.mean(), rel=1e-5)


def test_a_collapsed_network_is_told():
    check_not_collapsed(1.0, 0.5)
    with pytest.raises(TrainingError, match="has collapsed"):
        check_not_collapsed(1.0, 1e-7)
    with pytest.raises(TrainingError, match="has collapsed"):
        check_not_collapsed(1.0, float("nan"))


def test_a_displaced_edge_cancels_out_and_a_blot_does_not():
    residual = np.zeros((2, 32, 32, 1), np.float32)
    residual[0, :, 15], residual[0, :, 16] = 1, -1
    residual[1, 10:18, 12:16] = 1
    before, after = ((values**2).mean(axis=(1, 2, 3)) for values in (residual, smooth_residual(residual, 5)))
    assert before[0] > before[1]
    assert after[0] < 0.3 * after[1]
    expected = np.pad(residual, ((0, 0), (2, 2), (2, 2), (0, 0)), mode="edge")
    windows = sliding_window_view(expected, (5, 5), axis=(1, 2)).mean(axis=(-1, -2))
    np.testing.assert_allclose(smooth_residual(residual, 5), windows, atol=1e-6)


def test_shares_keep_parts_together_and_what_is_unseen_apart():
    groups = Groups(np.arange(120) // 3, "threes")
    shares = split_parts(groups, 5, keep_unseen=True)
    parts = [set(groups.numbers[one]) for one in (shares.learned, shares.stopping, shares.unseen)]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 40
    assert [len(one) for one in parts] == [24, 4, 12]
    assert set(shares.fitted) == set(shares.learned) | set(shares.stopping)
    again = split_parts(groups, 5, keep_unseen=True)
    np.testing.assert_array_equal(again.unseen, shares.unseen)
    assert len(split_parts(groups, 5, keep_unseen=False).unseen) == 0
    with pytest.raises(TrainingError, match="too few to learn features from"):
        split_parts(Groups(np.arange(60) // 6, "sixes"), 5, keep_unseen=True)


@pytest.fixture(scope="module")
def pixels():
    """Bright bars of any height: easily learned."""
    store = CellStore(SIDE * SIDE, 3)
    for number in range(COUNT):
        image = np.full((SIDE, SIDE, 3), 40.0)
        image[:, 8 + number % 5 : 14 + number % 9] = 200
        store.append(image.reshape(-1, 3))
    return Pixels(store, SIDE, 1)


class Watched(SilentProgress):
    """Notes epochs; stops or cancels after so many batches."""

    def __init__(self, cancel_after=None, stop_after=None):
        self.epochs, self.batches, self.warnings = [], 0, []
        self._cancel_after, self._stop_after = cancel_after, stop_after

    def epoch(self, epoch):
        self.epochs.append(epoch)

    def warn(self, text):
        self.warnings.append(text)

    def advance(self, steps=1):
        self.batches += 1
        if self._cancel_after is not None and self.batches > self._cancel_after:
            raise CancelledError

    def stops_early(self):
        return self._stop_after is not None and self.batches >= self._stop_after


def _learner(pixels, checkpoints=None, *, steps=20, rate=3e-3):
    import keras

    keras.utils.set_random_seed(0)
    built = KerasNetwork(make_autoencoder(SIDE, 1, 4), affine=True)
    schedule = Schedule("Learning", steps, rate, 1e-4, augmented=True, seed=0)
    numbers = np.arange(COUNT)
    return built, Learner(built, Reconstruction(), schedule, pixels, numbers[8:], numbers[:8], checkpoints)


def test_a_training_gets_better_and_keeps_its_best_weights(pixels):
    built, learner = _learner(pixels)
    progress = Watched()
    losses = learner.run(progress)
    assert len(losses) == len(progress.epochs) == 16
    assert losses[-1][0] < 0.5 * losses[0][0]
    best = min(losses, key=lambda one: one[1])
    images = pixels.load_images(np.arange(8))
    kept = np.mean((np.asarray(built.compute_outputs(images, training=False)[1]) - images) ** 2)
    assert kept == pytest.approx(best[1], rel=1e-3)
    assert progress.epochs[-1].best == 1 + losses.index(best)


def test_a_training_that_is_to_stop_keeps_the_best_so_far(pixels):
    _, learner = _learner(pixels)
    assert len(learner.run(Watched(stop_after=5))) == 3


def test_a_training_is_cancelled_at_any_batch_and_goes_on_from_its_checkpoint(pixels, tmp_path, monkeypatch):
    monkeypatch.setattr("anomaly_gui.detection.learning.learner._SAVED_EVERY", 0.0)
    _, learner = _learner(pixels, Checkpoints(tmp_path, "one"))
    with pytest.raises(CancelledError):
        learner.run(Watched(cancel_after=9))
    assert [file.name for file in tmp_path.iterdir()] == ["one.npz"]
    _, again = _learner(pixels, Checkpoints(tmp_path, "one"))
    progress = Watched()
    losses = again.run(progress)
    assert len(losses) == len(progress.epochs) == 16
    assert progress.batches == 1 + 2 * (16 - 4)  # the steps of before in one, then two batches an epoch
    assert list(tmp_path.iterdir()) == []


def test_a_checkpoint_of_another_network_is_not_taken(pixels, tmp_path, monkeypatch):
    """Another version of Keras keeps other numbers: the training begins anew in place of failing for good."""
    monkeypatch.setattr("anomaly_gui.detection.learning.learner._SAVED_EVERY", 0.0)
    _, learner = _learner(pixels, Checkpoints(tmp_path, "one"))
    with pytest.raises(CancelledError):
        learner.run(Watched(cancel_after=9))
    checkpoints = Checkpoints(tmp_path, "one")
    state = checkpoints.load()
    del state.arrays["optimizer.0"]
    checkpoints.save(state)
    _, again = _learner(pixels, checkpoints)
    progress = Watched()
    assert len(again.run(progress)) == 16
    assert progress.batches == 2 * 16


def test_a_state_that_cannot_be_kept_is_told_and_costs_nothing_else(pixels, tmp_path, monkeypatch):
    monkeypatch.setattr("anomaly_gui.detection.learning.learner._SAVED_EVERY", 0.0)
    (tmp_path / "file").write_bytes(b"")
    _, learner = _learner(pixels, Checkpoints(tmp_path / "file" / "folder", "one"))
    progress = Watched()
    assert len(learner.run(progress)) == 16
    assert len(progress.warnings) == 1
    assert "cannot be kept in" in progress.warnings[0]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no archive", None])
def test_a_damaged_checkpoint_is_none(tmp_path, damage):
    checkpoints = Checkpoints(tmp_path, "one")
    assert checkpoints.load() is None
    checkpoints.save(Checkpoint(3, [(1.0, 2.0)] * 3, 2, 9.0, {"weights.0": np.ones(3)}))
    assert checkpoints.load().epoch == 3
    file = tmp_path / "one.npz"
    file.write_bytes(file.read_bytes()[:-40] if damage is None else damage)
    assert checkpoints.load() is None


def test_old_checkpoints_are_forgotten(tmp_path):
    for number in range(7):
        Checkpoints(tmp_path, str(number)).save(Checkpoint(1, [(1.0, 1.0)], 0, 9.0, {}))
    assert len(list(tmp_path.iterdir())) == 4


def test_a_training_that_diverged_has_failed(pixels):
    _, learner = _learner(pixels, rate=1e30)
    with pytest.raises(TrainingError, match=r"has failed"):
        learner.run(SilentProgress())


def test_a_training_that_learns_nothing_has_failed(pixels, monkeypatch):
    _, learner = _learner(pixels)
    monkeypatch.setattr(Learner, "_measure_held_out", lambda self: 1.0 + len(self._state.losses))
    with pytest.raises(TrainingError, match="never fell below"):
        learner.run(SilentProgress())
