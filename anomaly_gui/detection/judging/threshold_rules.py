"""How a person's wish becomes a threshold: the rules of `thresholds`, with what to expect and what stays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.judging.metrics import best_f1_threshold
from anomaly_gui.detection.judging.thresholds import (
    CALIBRATION,
    HELD_OUT,
    LABELLED,
    GoodScores,
    Threshold,
    by_false_alarm_rate,
    with_expectation,
)
from anomaly_gui.detection.settings.choices import BEST_F1, FALSE_ALARM_RATE
from anomaly_gui.detection.settings.train_settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.judging.metrics import Label


class ScoredTraining(Protocol):
    """The scores of a training, such as a `TrainingRecord` holds; see there."""

    @property
    def held_out(self) -> FloatArray:
        """(images,) scores under fits without their groups."""

    @property
    def judged(self) -> IntArray:
        """The indices of the images whose `held_out` scores count."""

    @property
    def groups(self) -> IntArray:
        """(images,) a number for each; images of one number show one part."""

    @property
    def grouped_by(self) -> str:
        """How the groups were told, in words."""

    @property
    def calibration_scores(self) -> FloatArray:
        """(calibration images,) scores."""

    @property
    def calibration_groups(self) -> IntArray:
        """(calibration images,) a number for each."""

    @property
    def left_out(self) -> int:
        """Parts that may be good and were left out."""


def choose_good_scores(training: ScoredTraining) -> GoodScores | None:
    """Return the scores a threshold is to rest on: of calibration images, or else held out; None for none."""
    if len(training.calibration_scores):
        groups = Groups(training.calibration_groups, training.grouped_by)
        return GoodScores(training.calibration_scores, groups, CALIBRATION, training.left_out)
    judged = training.judged
    if not len(judged):
        return None
    groups = Groups(training.groups, training.grouped_by).select_images(judged)
    return GoodScores(training.held_out[judged], groups, HELD_OUT, training.left_out)


def by_best_f1(scores: FloatArray, labels: Sequence[Label]) -> Threshold | None:
    """Return the threshold with the highest F1 of (images,) labelled scores; None when a label is missing."""
    value = best_f1_threshold(scores, labels) if len(set(labels)) > 1 else None
    return None if value is None else Threshold(value, BEST_F1, LABELLED)


def add_expectation(threshold: Threshold, good: GoodScores | None) -> Threshold:
    """Return the threshold with the false alarms to expect, where there are good scores to tell."""
    return threshold if good is None else with_expectation(threshold, good)


def replace_threshold(old: Threshold, new: Threshold, good: GoodScores | None) -> Threshold:
    """Return a new threshold that keeps the band, and the rate asked for last, of the one before."""
    asked = old.asked_rate if new.asked_rate is None else new.asked_rate
    return add_expectation(replace(new, unsure=old.unsure, asked_rate=asked), good)


def find_promising_threshold(threshold: Threshold, good: GoodScores | None) -> Threshold:
    """Return the threshold that keeps a promise: the one given, if its rule makes one.

    Otherwise that of the false alarms that were asked for, or of the default.
    """
    if threshold.rule == FALSE_ALARM_RATE or good is None:
        return threshold
    rate = SETTINGS["false_alarm_rate"].default if threshold.asked_rate is None else threshold.asked_rate
    return replace(with_expectation(by_false_alarm_rate(good, rate), good), unsure=threshold.unsure)
