"""The one sentence that names the bottleneck, for made-up parts."""

import pytest

from anomaly_gui.detection.benchmarking.bottleneck import (
    DECODE,
    DENSITY,
    DISTANCES,
    FEATURES,
    LOOK,
    MAP_FILES,
    MAPS,
    NETWORK,
    READ,
    RESIZE,
    RESULTS,
    WAITING,
    PartSpeed,
    find_bottleneck,
    share_out,
)

CORES = 2
PARTS = (READ, DECODE, RESIZE, LOOK, NETWORK, FEATURES, DENSITY, DISTANCES, MAPS, RESULTS, MAP_FILES)


def _parts(**milliseconds):
    """Return parts that take as long of one core as on the wall's clock."""
    return [PartSpeed(name.replace("_", " "), value, value) for name, value in milliseconds.items()]


def _name(parts, milliseconds, others=0.0, *, is_light=False):
    shared = share_out(parts, milliseconds, CORES, others)
    return find_bottleneck(shared, milliseconds, is_light=is_light)


def test_shares_are_of_all_cores_and_what_is_left_is_waiting():
    decode, network, waiting = share_out(_parts(decode=4, network=12), 10, CORES)
    assert (decode.share, network.share) == (0.2, 0.6)
    assert (waiting.part, waiting.milliseconds, waiting.share) == (WAITING, 2, pytest.approx(0.2))


def test_what_other_programs_took_was_not_to_be_had():
    decode, network, waiting = share_out(_parts(decode=4, network=12), 16, CORES, others=16)
    assert (decode.share, network.share, waiting.share) == (0.25, 0.75, 0)


def test_parts_that_took_longer_alone_than_together_share_all():
    *_, waiting = shared = share_out(_parts(decode=9, network=21), 10, CORES)
    assert [part.share for part in shared] == [0.3, 0.7, 0]
    assert waiting.milliseconds == 0


@pytest.mark.parametrize(
    ("parts", "is_light", "sentence"),
    [
        (
            {"decode": 10.4, "network": 9.6},
            True,
            "Decoding takes most of the time (52 %): smaller or less compressed files would be judged "
            "faster.",
        ),
        (
            {"decode": 4.4, "network": 15.6},
            False,
            "The network takes most of the time (78 %): a light backbone or a smaller size would be faster.",
        ),
        (
            {"decode": 4.4, "network": 15.6},
            True,
            "The network takes most of the time (78 %): a smaller size would be faster.",
        ),
        (
            {"decode": 7.6, "network": 7.2, "distances": 5.2},
            True,
            "Decoding takes the largest part of the time (38 %): smaller or less compressed files would be "
            "judged faster.",
        ),
        (
            {"network": 6, "map_files": 14},
            True,
            "Writing the pictures of the maps takes most of the time (70 %): judging without them would be "
            "faster.",
        ),
    ],
)
def test_while_the_cores_are_busy_the_largest_share_counts(parts, is_light, sentence):
    assert _name(_parts(**parts), 10, is_light=is_light).sentence == sentence


def test_where_the_cores_wait_the_longest_of_what_comes_in_turn_counts():
    found = _name(_parts(decode=6, network=1, distances=5), 10)
    assert (found.part, found.share) == (DISTANCES, 0.5)


def test_where_nothing_explains_the_time_the_processor_waits():
    found = _name(_parts(decode=3, network=1), 20)
    assert found.part == WAITING
    assert found.sentence == "The processor waits for 90 % of the time: look whether the drive is slow."


@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_its_words(part):
    found = _name([PartSpeed(part, 10, 20)], 10)
    assert (found.part, found.share) == (part, 1)
    assert "takes most of the time (100 %): " in found.sentence and found.sentence.endswith(" faster.")
