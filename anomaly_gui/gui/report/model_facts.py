"""What a report says of model and threshold: enough to find the very same again."""

from __future__ import annotations

import getpass
import platform
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

import anomaly_gui
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.figures.style import format_score
from anomaly_gui.gui.report.page_parts import DIGEST, make_facts, make_heading, make_paragraph, make_table
from anomaly_gui.language import translate as say
from anomaly_gui.language import translate_kept
from anomaly_gui.wording import percent

if TYPE_CHECKING:
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.worker.model_summary import ModelSummary

translate = QCoreApplication.translate


def describe_making() -> list[tuple[str, str]]:
    """Return who makes the report, when, and with what."""
    now = datetime.now().astimezone()
    return [
        (translate("Report", "Made"), f"{now:%Y-%m-%d %H:%M %z}"),
        (translate("Report", "By"), f"{getpass.getuser()}, {platform.node()}"),
        (translate("Report", "Program"), f"Anomaly GUI {anomaly_gui.__version__}"),
    ]


def describe_model(session: Session, name: str, is_saved: bool) -> str:
    """Return what the model is, as facts; the digest is that of its file."""
    model = session.model
    if model is None:
        return ""
    training = model.training
    parts = len(set(training.groups.tolist()))
    learned = translate("Report", "%1 images of %2 parts").replace("%1", f"{training.count:,}")
    digest = DIGEST if is_saved else translate("Report", "not saved yet: save the model to have one")
    facts = [
        (translate("Report", "Model"), name),
        ("SHA-256", digest),
        (translate("Report", "Trained"), model.created),
        (translate("Report", "Learned from"), learned.replace("%2", f"{parts:,}")),
        (translate("Report", "Calibration images"), f"{len(training.calibration):,}"),
        (translate("Report", "Detector"), _name_detector(model)),
        (translate("Report", "Network"), model.network),
    ]
    return make_heading(translate("Report", "Model")) + make_facts(facts)


def _name_detector(model: ModelSummary) -> str:
    settings, layers = model.settings, ", ".join(model.settings.layers)
    title = say(DETECTORS[model.detector].title)
    return f"{title}, {layers}, {settings.size} px"


def describe_threshold(session: Session) -> str:
    """Return what the threshold is, where it comes from, and who moved it."""
    threshold = session.threshold
    if threshold is None:
        return ""
    facts = [
        (translate("Report", "Threshold"), _describe_line(session, threshold)),
        (translate("Report", "Rule"), threshold.rule),
        (translate("Report", "Chosen from"), threshold.origin),
        (translate("Report", "Not sure within"), _describe_band(session, threshold)),
        (translate("Report", "Alarms asked for"), _describe_rate(threshold.asked_rate)),
        (translate("Report", "Alarms promised"), _describe_rate(threshold.promised_rate)),
    ]
    said = [make_paragraph(translate_kept(sentence)) for sentence in threshold.warnings]
    return "".join(
        [make_heading(translate("Report", "Threshold")), make_facts(facts), *said, _list_moves(session)]
    )


def _describe_line(session: Session, threshold: Threshold) -> str:
    """Return the threshold as scores are written, with the log-likelihood that it is."""
    display, raw = session.score_display, format_score(threshold.value)
    if not display.is_relative:
        return raw
    text = translate("Report", "%1: higher is worse, a common good part has about 0 (log-likelihood %2)")
    return text.replace("%1", display.write_score(threshold.value)).replace("%2", raw)


def _describe_band(session: Session, threshold: Threshold) -> str:
    if threshold.unsure <= 0:
        return ""
    ends = [session.score_display.write_score(score) for score in threshold.unsure_band]
    if session.score_display.is_relative:
        ends.reverse()  # there higher is worse
    return " … ".join(ends)


def _describe_rate(rate: float | None) -> str:
    return "" if rate is None else percent(rate, 2)


def _list_moves(session: Session) -> str:
    moves = session.list_moves_to_save()
    if not moves:
        return ""
    header = (
        translate("Report", "When"),
        translate("Report", "Who"),
        translate("Report", "From"),
        translate("Report", "To"),
        translate("Report", "Rule"),
    )
    rows = [
        (move.when, move.who, format_score(move.old), format_score(move.new), move.rule) for move in moves
    ]
    said = translate("Report", "Moved by people, as log-likelihoods:")
    return make_paragraph(said) + make_table(header, rows)
