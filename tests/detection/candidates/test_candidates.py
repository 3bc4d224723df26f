"""Which of several candidates is recommended."""

from dataclasses import replace

from anomaly_gui.detection.candidates.candidate import Candidate
from anomaly_gui.detection.candidates.recommending import recommend_candidate
from anomaly_gui.detection.detectors.placement.placement import UNKNOWN, Placement
from anomaly_gui.detection.judging.metrics import Rate
from anomaly_gui.detection.judging.thresholds import HELD_OUT, Threshold
from anomaly_gui.detection.settings.train_settings import TrainSettings

THRESHOLD = Threshold(-5.0, "false-alarm-rate", HELD_OUT, asked_rate=0.01, promised_rate=0.01)
POOLED = Candidate("pooled", ("block4_conv3",), 224, 0.97, 0.97, Rate.of(20, 40), THRESHOLD, 15.0, 2.0)
# of fewer good images, which can promise less: it finds more, at more false alarms
LEARNED = replace(
    POOLED,
    detector="deep-svdd",
    layers=(),
    found=Rate.of(36, 40),
    threshold=replace(THRESHOLD, promised_rate=0.053),
    images_per_second=300.0,
)


def _recommended(*candidates):
    return recommend_candidate(candidates, Placement(UNKNOWN), TrainSettings(detector="pooled"))


def test_of_those_that_tell_as_well_the_one_that_finds_most_is_taken():
    more = replace(POOLED, detector="positional", auroc=0.968, found=Rate.of(24, 40), images_per_second=9.0)
    best, why = _recommended(POOLED, more)
    assert best is more
    assert why.startswith(
        "Take positional, vgg16, block4_conv3, 224 px: at 1.0 % promised false alarms it found 24 of"
    )


def test_what_was_found_at_more_false_alarms_does_not_count_against_what_keeps_the_promise():
    assert (POOLED.higher_rate, LEARNED.higher_rate) == ("", "at 5.3 %")
    assert _recommended(LEARNED, POOLED)[0] is POOLED
    better = replace(LEARNED, auroc=0.99)
    assert _recommended(better, POOLED)[0] is better
