"""How many variants in other light are made of which good images."""

from pathlib import Path

import pytest

from anomaly_gui.detection.datasets.variants import LearnedBefore, share_variants


def _files(count):
    return [Path(f"{index}.png") for index in range(count)]


@pytest.mark.parametrize(("count", "of_each"), [(1, 5), (10, 5), (20, 3), (30, 2), (100, 2), (300, 2)])
def test_few_images_make_more_variants_each(count, of_each):
    assert share_variants(_files(count), None) == dict.fromkeys(_files(count), of_each)


def test_of_many_images_some_spread_over_all_are_learned_in_other_light():
    shared = share_variants(_files(5000), None)
    assert len(shared) == 300
    assert set(shared.values()) == {2}
    assert {Path("0.png"), Path("4999.png")} <= set(shared)


def test_what_is_asked_for_is_made():
    assert share_variants(_files(5000), 1) == dict.fromkeys(_files(5000), 1)
    assert share_variants(_files(3), 0) == share_variants([], None) == {}


def test_what_was_learned_before_counts():
    assert share_variants(_files(10), None, LearnedBefore(10, 10)) == dict.fromkeys(_files(10), 3)
    assert len(share_variants(_files(50), None, LearnedBefore(280, 280))) == 20
    assert share_variants(_files(50), None, LearnedBefore(900, 300)) == {}
    assert share_variants(_files(5), 1, LearnedBefore(900, 900)) == dict.fromkeys(_files(5), 1)
