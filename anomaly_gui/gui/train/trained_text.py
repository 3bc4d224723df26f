"""What is said of a training when it is done: what it rests on, what it promises, and what was remarkable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from anomaly_gui.detection.judging.promise import BROKEN
from anomaly_gui.language import translate_kept
from anomaly_gui.wording import count_images, count_parts, in_counts, join_sentences

if TYPE_CHECKING:
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.model.model import TrainingRecord
    from anomaly_gui.worker.jobs.training import Trained

_LISTED = 20


def describe_trained(result: Trained) -> str:
    """Say what became of a training, in paragraphs."""
    training = result.view.training
    lines = [describe_images(training), *_describe_promise(result.view.threshold)]
    if result.findings.approach:
        lines.insert(1, result.findings.approach)
    if result.findings.of_defects.measured:
        lines.insert(1, result.findings.of_defects.measured)
    if result.findings.rate:
        lines.append(str(result.findings.rate))
    if result.findings.calibration is not None and result.findings.calibration.outcome == BROKEN:
        text = QCoreApplication.translate(
            "TrainedText", "By the images of the first day alone: %1 The threshold rests on the other day's."
        )
        lines.append(text.replace("%1", str(result.findings.calibration)))
    if result.findings.reused:
        known = QCoreApplication.translate("TrainedText", "Features of %1 were known from before.")
        lines.append(known.replace("%1", count_images(result.findings.reused)))
    elsewhere = (
        result.findings.advice,
        str(result.findings.of_defects.outside),
    )  # beside the button that answers it
    lines += (warning for warning in result.findings.warnings if warning not in elsewhere)
    lines += _list_lines(
        QCoreApplication.translate("TrainedText", "Could not be used"),
        [f"{one.path.name}: {one.reason}" for one in result.findings.unreadable],
    )
    lines += _list_lines(
        QCoreApplication.translate("TrainedText", "Copies of others, used once"),
        [f"{copy.name} = {first.name}" for copy, first in result.findings.duplicates],
    )
    lines += _list_lines(
        QCoreApplication.translate("TrainedText", "Remarks"),
        [f"{path.name} {note}" for path, note in result.findings.notes],
    )
    return "\n\n".join(lines)


def describe_images(training: TrainingRecord) -> str:
    """Say what was learned from, and what a network never saw where one was trained."""
    parts = len(set(training.groups.tolist()))
    is_split = training.unseen is not None
    given = (
        QCoreApplication.translate("TrainedText", "Given: %1 of %2 (%3).")
        if is_split
        else QCoreApplication.translate("TrainedText", "Learned from %1 of %2 (%3).")
    )
    text = (
        given.replace("%1", count_images(len(training.images)))
        .replace("%2", count_parts(parts))
        .replace("%3", translate_kept(training.grouped_by))
    )
    if training.unseen is None:
        return text
    unseen = int(training.unseen.sum())
    learned = count_images(len(training.images) - unseen)
    if not unseen:  # calibration images set the threshold
        more = QCoreApplication.translate("TrainedText", "The network learned from %1.")
        return join_sentences(text, more.replace("%1", learned))
    more = QCoreApplication.translate(
        "TrainedText", "The network learned from %1; the threshold rests on the %2 it never saw."
    )
    return join_sentences(text, more.replace("%1", learned).replace("%2", f"{unseen:,}"))


def _describe_promise(threshold: Threshold) -> list[str]:
    """Say what the threshold rests on, what was promised and what is to expect, in counts."""
    lines = [
        QCoreApplication.translate("TrainedText", "The threshold rests on %1.").replace(
            "%1", threshold.origin
        )
    ]
    if threshold.promised_rate is not None:
        text = QCoreApplication.translate("TrainedText", "Promised: no more than %1 good parts rejected.")
        lines.append(text.replace("%1", in_counts(threshold.promised_rate)))
    if threshold.expected is not None:
        lines.append(
            QCoreApplication.translate("TrainedText", "To expect: %1.").replace("%1", str(threshold.expected))
        )
    return [join_sentences(*lines)]


def _list_lines(title: str, lines: list[str]) -> list[str]:
    if not lines:
        return []
    more = [f"… {len(lines) - _LISTED:,}"] if len(lines) > _LISTED else []
    return ["\n".join([f"{title} ({len(lines):,}):", *lines[:_LISTED], *more])]
