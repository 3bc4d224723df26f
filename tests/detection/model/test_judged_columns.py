"""Results in columns: what is asked of them together is what was asked of each."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from anomaly_gui.detection.grouping.groups import group_images
from anomaly_gui.detection.images.fingerprint import compute_fingerprint
from anomaly_gui.detection.images.look import Look
from anomaly_gui.detection.judging.verdicts import VERDICTS, Verdict
from anomaly_gui.detection.model.image_result import ImageResult
from anomaly_gui.detection.model.judged_columns import JudgedColumns, pack_digests
from anomaly_gui.detection.model.promise_check import number_parts
from anomaly_gui.detection.settings.choices import AUTOMATIC


def digest(number):
    return hashlib.sha256(b"%d" % number).hexdigest()


def result(number, score=-1.5, **more):
    return ImageResult(Path(f"{number}.png"), score, Verdict.GOOD, **more)


GONE = ImageResult(Path("gone.png"), None, Verdict.CANNOT_JUDGE, "is gone", readable=False)


def test_results_come_out_as_they_went_in():
    look = Look(120.0, 30.0, 0.5, 0.25)
    judged = JudgedColumns.of(
        [result(1, sha256=digest(1), look=look), GONE, result(2, -2.5, sha256=digest(2))]
    )
    assert list(judged.files) == [Path("1.png"), Path("gone.png"), Path("2.png")]
    assert judged.scores[[0, 2]].tolist() == [-1.5, -2.5] and judged.has_score.tolist() == [True, False, True]
    assert [VERDICTS[code] for code in judged.verdicts] == [Verdict.GOOD, Verdict.CANNOT_JUDGE, Verdict.GOOD]
    assert judged.looks[0].tolist() == list(look.numbers) and np.isnan(judged.looks[1:]).all()
    assert judged.list_known_digests().tolist() == pack_digests([digest(1), digest(2)]).tolist()
    assert judged.vectors is None and not judged.has_vector.any()


def test_files_without_a_digest_are_among_none():
    judged = JudgedColumns.of([GONE, result(1, sha256=digest(1)), result(2)])
    assert judged.are_among(pack_digests([digest(1), digest(3)])).tolist() == [False, True, False]
    assert not judged.are_among(pack_digests([])).any()
    assert not judged.are_among(JudgedColumns.of([GONE]).digests).any()


def test_no_result_makes_empty_columns():
    judged = JudgedColumns.of([])
    assert len(judged.files) == len(judged.scores) == len(judged.looks) == 0
    assert not len(judged.list_known_digests())


@pytest.fixture(scope="module")
def shots():
    """Results of 14 parts of which some were shot twice, and some are too small to tell."""
    random = np.random.default_rng(0)
    parts = gaussian_filter(random.normal(size=(14, 192, 192)), (0, 2, 2)) * 8
    made = []
    for number in [*range(14), 3, 5, 8]:
        pixels = (128 + 40 * parts[number] + random.normal(0, 4, (192, 192))).clip(0, 255).astype(np.uint8)
        fingerprint = None if number == 1 else compute_fingerprint(pixels)
        vector = (parts[number, 0, :24] + random.normal(0, 0.01, 24)).astype(np.float32)
        made.append(result(len(made), vector=vector, fingerprint=fingerprint))
    return made


@pytest.mark.parametrize("which", [range(17), [0, *range(2, 12), 14, 15], range(2, 17)])
def test_parts_are_those_found_with_all_in_memory(shots, which):
    chosen = [shots[place] for place in which]
    vectors, prints = np.stack([one.vector for one in chosen]), [one.fingerprint for one in chosen]
    wanted = group_images(AUTOMATIC, [one.path for one in chosen], vectors, prints).numbers
    found = number_parts(
        JudgedColumns.of([shots[0], GONE, *shots[1:]]), np.array(which) + (np.array(which) > 0)
    )
    assert found.tolist() == wanted.tolist()
    assert len(np.unique(found)) == len(which) - sum(place >= 14 for place in which)


def test_each_is_a_part_of_its_own_where_one_cannot_tell(shots):
    judged = JudgedColumns.of([*shots[:3], result(20)])
    assert number_parts(judged, np.arange(4)).tolist() == [0, 1, 2, 3]
