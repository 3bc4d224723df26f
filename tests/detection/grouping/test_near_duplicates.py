from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter
from scipy.fft import irfft2
from sklearn.metrics import adjusted_rand_score

from anomaly_gui.detection.arrays.row_store import RowStore
from anomaly_gui.detection.grouping import near_duplicates
from anomaly_gui.detection.grouping.common_fingerprint import CommonFingerprint
from anomaly_gui.detection.grouping.groups import group_images
from anomaly_gui.detection.grouping.near_duplicates import (
    CANNOT_TELL,
    ONE_PART,
    SEPARABLE,
    NearDuplicates,
    _find_more_shots,
    correlate_pairs,
    find_gap,
    find_near_duplicates,
)
from anomaly_gui.detection.grouping.pairs import label_connected, remove_chains
from anomaly_gui.detection.images.fingerprint import compute_fingerprint, compute_shift_factors, mark_compared
from anomaly_gui.detection.images.loading import DETAIL_SIDE
from anomaly_gui.detection.settings.train_settings import check_group_rule
from anomaly_gui.errors import ParameterError

PARTS = 30


def _parts():
    """Parts of one make (the same frame and bars), each with a grain of its own."""
    rng = np.random.default_rng(0)
    make = np.full((240, 240), 120.0)
    make[60:66] = make[170:176] = make[:8] = make[:, -8:] = 40
    for _ in range(PARTS):
        grain = Image.fromarray(rng.normal(128, 60, (240, 240)).clip(0, 255).astype(np.uint8))
        yield make + 0.5 * (np.asarray(grain.filter(ImageFilter.GaussianBlur(1))).astype(float) - 128)


def _shot(part, rng):
    dy, dx = rng.integers(-4, 5, 2)
    moved = np.roll(part, (dy, dx), (0, 1))[8:-8, 8:-8] * rng.uniform(0.75, 1.3) + rng.normal(
        0, 2, (224, 224)
    )
    return np.asarray(Image.fromarray(moved.clip(0, 255).astype(np.uint8)).resize((DETAIL_SIDE, DETAIL_SIDE)))


def _burst():
    rng = np.random.default_rng(1)
    shots, parts = [], []
    for number, part in enumerate(_parts()):
        for _ in range(rng.integers(1, 5)):
            shots.append(_shot(part, rng))
            parts.append(number)
    features = np.stack([np.asarray(Image.fromarray(s).resize((8, 8))).ravel() for s in shots]).astype(float)
    return [compute_fingerprint(shot) for shot in shots], features, np.array(parts)


def _paths(count):
    return [Path("folder") / f"image_{index}.png" for index in range(count)]


def test_shots_of_one_part_are_grouped_through_exposure_noise_and_shift():
    fingerprints, features, parts = _burst()
    groups = group_images("auto", _paths(len(parts)), features, fingerprints)
    assert adjusted_rand_score(parts, groups.numbers) > 0.95
    assert str(groups).startswith(f"{len(parts)} images of {groups.count} parts")
    assert groups.weights.sum() == pytest.approx(groups.count)


def test_parts_of_one_make_are_not_joined():
    rng = np.random.default_rng(2)
    shots = [_shot(part, rng) for part in _parts()]
    groups = group_images(
        "auto", _paths(PARTS), rng.normal(size=(PARTS, 8)), [compute_fingerprint(s) for s in shots]
    )
    assert groups.count == PARTS


def test_too_small_to_tell_is_said():
    groups = group_images("auto", _paths(4), np.zeros((4, 3)), [None] * 4)
    assert groups.count == 4
    assert "taken to be independent" in groups.method


def _by_whole_transforms(fingerprints, pairs, common, side=178, reach=9):
    """Correlations by inverse transforms of the whole surface."""
    frequencies = int(mark_compared().sum())
    phasors = np.exp(2j * np.pi * fingerprints[:, :frequencies] / 256)
    phasors -= common.template * compute_shift_factors(common.down, common.across).conj()
    phasors /= np.linalg.norm(phasors, axis=1, keepdims=True)
    rows, columns = np.nonzero(mark_compared())
    rows = np.where(rows > DETAIL_SIDE // 2, rows - DETAIL_SIDE, rows) % side
    near = np.r_[-reach : reach + 1]
    peaks = []
    for left, right in pairs:
        spectrum = np.zeros((side, side // 2 + 1), complex)
        spectrum[rows, columns] = phasors[left] * phasors[right].conj()
        peaks.append((irfft2(spectrum, s=(side, side)) * side**2 / 2)[near][:, near].max())
    return np.array(peaks)


def _shifted(fingerprint, down, right):
    rows, columns = np.nonzero(mark_compared())
    rows = np.where(rows > DETAIL_SIDE // 2, rows - DETAIL_SIDE, rows)
    turned = fingerprint.astype(float)
    turned[: len(rows)] += np.rint(256 * (rows * down + columns * right) / 178)
    return turned.astype(np.int64).astype(np.uint8)


def test_correlations_are_those_of_whole_inverse_transforms():
    rng = np.random.default_rng(0)
    fingerprints = rng.integers(0, 256, (40, 2 * int(mark_compared().sum())), dtype=np.uint8)
    fingerprints[1], fingerprints[2], fingerprints[3] = (
        _shifted(fingerprints[0], *by) for by in ((9, -4), (-2, 7), (10, 0))
    )
    pairs = np.concatenate([[[0, 1], [2, 0], [0, 3], [1, 2]], rng.integers(4, 40, (300, 2))])
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    common = CommonFingerprint(
        np.full(int(mark_compared().sum()), 0.1 + 0.05j, np.complex64), *rng.normal(0, 3, (2, 40))
    )
    found = correlate_pairs(fingerprints, pairs, common)
    np.testing.assert_allclose(found, _by_whole_transforms(fingerprints, pairs, common), atol=1e-4)
    assert found[:2].min() > 0.85
    assert found[2] < 0.2  # beyond the shifts looked at


def _ring(seed, rng, side=480, noise=6):
    """A round part, always in place: edges that all share, a face of its own."""
    own = np.random.default_rng(seed)
    y, x = np.mgrid[:side, :side] + own.normal(0, 2, (2, 1, 1))
    radius = np.hypot(y - side / 2, x - side / 2) / side
    grain = own.normal(0, 1, (100, 100)).astype(np.float32)
    face = 0.55 + 0.06 * np.asarray(Image.fromarray(grain).resize((side, side), Image.Resampling.BICUBIC))
    part = np.select([radius < 0.14, abs(radius - 0.3) < 0.012, radius < 0.42], [0.08, 0.9, face], 0.15)
    return _noisy(part, rng, noise)


def _noisy(part, rng, noise=6):
    shot = 255 * part * rng.uniform(0.9, 1.1) + rng.normal(0, noise, part.shape)
    small = Image.fromarray(shot.clip(0, 255).astype(np.uint8)).resize((DETAIL_SIDE, DETAIL_SIDE), 2)
    return compute_fingerprint(np.asarray(small))


def _found(fingerprints):
    """Look among all pairs, as the features of so few images are all near each other."""
    return find_near_duplicates(np.random.default_rng(3).normal(size=(len(fingerprints), 2)), fingerprints)


def test_round_parts_alike_in_their_edges_are_parts_of_their_own():
    rng = np.random.default_rng(0)
    found = _found([_ring(seed, rng) for seed in range(40)])
    assert (found.outcome, len(found.pairs)) == (SEPARABLE, 0)


def test_one_part_filmed_by_a_still_camera_is_one_part():
    rng = np.random.default_rng(0)
    found = _found([_ring(7, rng) for _ in range(30)])
    assert found.outcome == ONE_PART
    assert label_connected(30, found.pairs).max() == 0


@pytest.mark.parametrize("parts", [2, 3])
def test_a_few_parts_filmed_in_turn_are_that_many(parts):
    rng = np.random.default_rng(0)
    found = _found([_ring(shot % parts, rng) for shot in range(20 * parts)])
    numbers = label_connected(20 * parts, found.pairs)
    assert found.outcome == SEPARABLE
    assert adjusted_rand_score(np.arange(20 * parts) % parts, numbers) == 1


def test_shots_missed_one_by_one_are_told_by_what_a_filmed_part_shares():
    rng = np.random.default_rng(0)
    fingerprints = np.stack([_ring(part, rng) for part in (*[0] * 16, *[1] * 6)])
    rest, joined = _find_more_shots(fingerprints, np.arange(12), np.arange(12, 22))
    assert rest.tolist() == [16, 17, 18, 19, 20, 21]
    assert joined.tolist() == [[0, 12], [0, 13], [0, 14], [0, 15]]


def test_one_part_shot_twice_is_found_among_many_alike():
    rng = np.random.default_rng(0)
    fingerprints = [_ring(seed, rng) for seed in (*range(30), 3, 3, 11, 12, 20, 21)]
    numbers = label_connected(36, _found(fingerprints).pairs)
    assert adjusted_rand_score([*range(30), 3, 3, 11, 12, 20, 21], numbers) == 1


def test_two_variants_of_a_part_are_not_two_parts():
    """All of a variant share its edges, unlike the other's, and are parts of their own all the same."""
    rng = np.random.default_rng(0)
    rings = [_ring(seed, rng) for seed in range(20)]
    found = _found([*rings, *(_wheel(seed, rng) for seed in range(20))])
    assert label_connected(40, found.pairs).max() == 39
    assert found.outcome == CANNOT_TELL


def _wheel(seed, rng, side=480):
    own = np.random.default_rng(seed)
    y, x = np.mgrid[:side, :side] + own.normal(0, 2, (2, 1, 1))
    angle, radius = np.arctan2(y - side / 2, x - side / 2), np.hypot(y - side / 2, x - side / 2) / side
    grain = own.normal(0, 1, (100, 100)).astype(np.float32)
    face = 0.4 + 0.06 * np.asarray(Image.fromarray(grain).resize((side, side), Image.Resampling.BICUBIC))
    return _noisy(np.where((np.sin(7 * angle) > 0) & (radius < 0.45), face, 0.8), rng)


def test_images_that_all_hang_together_by_more_than_noise_end_the_search(monkeypatch):
    """Asked again, the same images would give the same answer, for ever."""
    monkeypatch.setattr(near_duplicates, "find_gap", lambda values: 0.0)
    rng = np.random.default_rng(0)
    found = _found([_ring(seed, rng) for seed in range(20)])
    assert (found.outcome, len(found.pairs)) == (CANNOT_TELL, 0)


def test_groups_are_not_chained_through_single_links():
    first, second = ([[a, b] for a in k for b in k if a < b] for k in ((0, 1, 2, 3), (4, 5, 6)))
    held = remove_chains(np.array([*first, *second, [3, 4], [7, 8]]))
    assert [3, 4] not in held.tolist()
    assert [7, 8] in held.tolist()
    assert len(held) == len(first) + len(second) + 1


def test_a_gap_needs_pairs_on_both_sides():
    rng = np.random.default_rng(0)
    low, high = np.exp(rng.normal(-3.4, 0.2, 500)), np.exp(rng.normal(-0.6, 0.2, 40))
    assert find_gap(low) is None
    assert find_gap(high) is None
    assert low.max() < find_gap(np.concatenate([low, high])) < high.min()
    tail = 0.05 * rng.pareto(2, 2000) + 0.03  # ever fewer, without an end
    assert find_gap(tail[tail < 0.98]) is None


def test_rows_on_disk_are_grouped_as_images_in_memory(tmp_path):
    fingerprints, features, _ = _burst()
    fingerprints[3] = fingerprints[7] = None
    has_fingerprint = np.array([fingerprint is not None for fingerprint in fingerprints])
    expected = find_near_duplicates(features, fingerprints).pairs
    on_disk = np.memmap(
        tmp_path / "fingerprints", np.uint8, "w+", shape=(len(fingerprints), len(fingerprints[0]))
    )
    store = RowStore(features.shape[1], np.float32)
    for row, fingerprint, vector in zip(on_disk, fingerprints, features, strict=True):
        row[:] = 77 if fingerprint is None else fingerprint
        store.append(vector)
    np.testing.assert_array_equal(find_near_duplicates(store, on_disk, has_fingerprint).pairs, expected)
    assert len(expected) > PARTS
    groups = group_images("auto", _paths(len(fingerprints)), store, on_disk, has_fingerprint)
    assert f"among {len(fingerprints) - 2} of them" in str(groups)


def test_names_and_folders_make_groups():
    paths = [Path("x/p1_a.png"), Path("x/p1_b.png"), Path("y/p2_a.png"), Path("y/other.png")]
    none = [None] * 4
    by_name = group_images(r"(p\d+)_", paths, np.zeros((4, 3)), none)
    assert by_name.numbers.tolist() == [0, 0, 1, 2]
    assert group_images("folder", paths, np.zeros((4, 3)), none).numbers.tolist() == [0, 0, 1, 1]
    assert group_images("none", paths, np.zeros((4, 3)), none).count == 4


def test_rule_that_is_no_expression():
    with pytest.raises(ParameterError, match="it is no valid regular expression"):
        check_group_rule("(")


def _undecided(monkeypatch, outcome):
    from anomaly_gui.detection.grouping import groups

    monkeypatch.setattr(
        groups, "find_near_duplicates", lambda *_: NearDuplicates(np.empty((0, 2), np.int64), outcome)
    )


def test_where_images_cannot_tell_names_do_or_folders_or_they_are_independent(monkeypatch):
    _undecided(monkeypatch, CANNOT_TELL)
    fingerprints = [np.zeros(2, np.uint8)] * 40
    named = [Path(f"good/kos{item:02}_Part{shot}.png") for item in range(20) for shot in range(2)]
    groups = group_images("auto", named, np.zeros((40, 3)), fingerprints)
    assert (groups.count, groups.in_doubt) == (20, True)
    assert "told by their names" in groups.method
    in_folders = [Path(f"{item}/{'ab'[shot]}.png") for item in range(20) for shot in range(2)]
    groups = group_images("auto", in_folders, np.zeros((40, 3)), fingerprints)
    assert groups.count == 20
    assert "told by their folders" in groups.method
    groups = group_images("auto", _paths(40), np.zeros((40, 3)), fingerprints)
    assert groups.count == 40
    assert "taken to be independent: these are too alike" in groups.method


def test_names_of_cameras_do_not_tell_parts(monkeypatch):
    _undecided(monkeypatch, CANNOT_TELL)
    paths = [Path(f"good/cam{camera}_{shot:03}.png") for camera in (1, 2) for shot in range(30)]
    assert group_images("auto", paths, np.zeros((60, 3)), [np.zeros(2, np.uint8)] * 60).count == 60


def test_one_number_in_a_name_tells_no_parts():
    paths = [Path(f"good/one_{shot:05}.png") for shot in range(400)]
    assert group_images("auto", paths, np.zeros((400, 3)), [None] * 400).count == 400


def test_one_part_is_in_doubt_until_it_is_said(monkeypatch):
    _undecided(monkeypatch, ONE_PART)
    fingerprints = [np.zeros(2, np.uint8)] * 4
    assert group_images("auto", _paths(4), np.zeros((4, 3)), fingerprints).in_doubt
    said = group_images("one", _paths(4), np.zeros((4, 3)), fingerprints)
    assert (said.count, said.in_doubt) == (1, False)
