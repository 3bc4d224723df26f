"""The report of a validation: how the model in use judges the images that are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from anomaly_gui.detection.judging.metrics import Rate
from anomaly_gui.detection.judging.verdicts import VERDICTS, Verdict
from anomaly_gui.gui.report.model_facts import describe_making, describe_model, describe_threshold
from anomaly_gui.gui.report.page_parts import (
    Report,
    Shown,
    make_facts,
    make_gallery,
    make_heading,
    make_paragraph,
    make_plot,
    make_signatures,
    make_table,
)
from anomaly_gui.gui.report.score_picture import ScorePicture
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.wording import join_sentences, percent

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import IntArray
    from anomaly_gui.gui.state.said.remarks import Remarks
    from anomaly_gui.gui.state.session import Session

translate = QCoreApplication.translate

MOST_SHOWN = 24
"""Pictures of a gallery; further ones are counted."""
_WRONG = {ImageLabel.GOOD: Verdict.DEFECT, ImageLabel.DEFECT: Verdict.GOOD}


def describe_validation(session: Session, remarks: Remarks, name: str, file: Path | None) -> Report:
    """Return the report on the images that are shown. `file` holds the model in use, if one does."""
    rows = session.table.shown_rows
    counts = count_by_label(session, rows)
    wrong = find_wrong_rows(session, rows)
    shown = [_describe_shown(session, remarks, row) for row in wrong[:MOST_SHOWN]]
    title = translate("Report", "Validation of %1").replace("%1", name)
    parts = [
        make_heading(title, 1),
        make_facts([*describe_making(), (translate("Report", "Images"), f"{len(rows):,}")]),
        describe_model(session, name, file is not None),
        describe_threshold(session),
        _describe_counts(session, counts),
        _describe_kinds(remarks),
        make_heading(translate("Report", "Scores")),
        make_plot(_describe_plot(session)),
        _show_wrong(shown, len(wrong)),
        make_signatures(),
    ]
    pictures = tuple(one.path for one in shown)
    return Report(title, ("".join(parts),), title, pictures, _plot_scores(session, rows), file)


def count_by_label(session: Session, rows: IntArray) -> dict[ImageLabel, dict[Verdict, int]]:
    """Return how many images of each label got each verdict, as people read them."""
    codes = session.table.find_verdict_codes(rows, session.threshold)
    labels = session.table.labels[rows]
    return {
        label: dict(
            zip(VERDICTS, np.bincount(codes[labels == label], minlength=len(VERDICTS)).tolist(), strict=True)
        )
        for label in (ImageLabel.GOOD, ImageLabel.DEFECT, ImageLabel.NONE)
    }


def find_wrong_rows(session: Session, rows: IntArray) -> list[int]:
    """Return the images whose verdict is the opposite of their label."""
    codes, labels = session.table.find_verdict_codes(rows, session.threshold), session.table.labels[rows]
    is_wrong = np.zeros(len(rows), np.bool_)
    for label, verdict in _WRONG.items():
        is_wrong |= (labels == label) & (codes == VERDICTS.index(verdict))
    return [int(row) for row in rows[is_wrong]]


def _describe_counts(session: Session, counts: dict[ImageLabel, dict[Verdict, int]]) -> str:
    names = {
        ImageLabel.GOOD: translate("Report", "good parts"),
        ImageLabel.DEFECT: translate("Report", "defects"),
        ImageLabel.NONE: translate("Report", "without a label"),
    }
    header = (
        translate("Report", "Labelled"),
        *(verdict.told for verdict in VERDICTS),
        translate("Report", "all"),
    )
    table = [
        (
            names[label],
            *(f"{counts[label][verdict]:,}" for verdict in VERDICTS),
            f"{sum(counts[label].values()):,}",
        )
        for label in counts
        if any(counts[label].values())
    ]
    rates = [
        (translate("Report", "False alarms"), _describe_rate(counts[ImageLabel.GOOD], Verdict.DEFECT)),
        (translate("Report", "Misses"), _describe_rate(counts[ImageLabel.DEFECT], Verdict.GOOD)),
        (translate("Report", "Defects found"), _describe_rate(counts[ImageLabel.DEFECT], Verdict.DEFECT)),
    ]
    said = translate("Report", "In brackets: 95 % intervals after Clopper and Pearson.")
    if session.table.shows_training:
        more = translate(
            "Report", "The good images are those of the training, by scores of fits without them."
        )
        said = join_sentences(said, more)
    heading = make_heading(translate("Report", "Verdicts"))
    return heading + make_table(header, table, numbers_from=1) + make_facts(rates) + make_paragraph(said)


def _describe_kinds(remarks: Remarks) -> str:
    """Return how many defects of each kind are found, where kinds have been named."""
    header = (
        translate("Report", "Kind of defect"),
        translate("Report", "found"),
        translate("Report", "all"),
    )
    kinds = remarks.count_kinds().items()
    rows = [(kind, f"{found:,}", f"{every:,}") for kind, (found, every) in kinds]
    return make_paragraph(" ") + make_table(header, rows, numbers_from=1) if rows else ""


def _describe_plot(session: Session) -> str:
    said = translate("Report", "A dot an image: blue good, pink defect, grey without a label.")
    relative = translate("Report", "Above the line it is a defect; far above, the axis is logarithmic.")
    raw = translate("Report", "Below the line it is a defect. Triangles lie further down.")
    return join_sentences(said, relative if session.score_display.is_relative else raw)


def _describe_rate(counts: dict[Verdict, int], verdict: Verdict) -> str:
    rate = Rate.of(counts[verdict], sum(counts.values()))
    if rate.rate is None:
        return ""
    text = translate("Report", "%1 of %2: %3 (%4 to %5)").replace("%1", f"{rate.count:,}")
    shares = {"%2": f"{rate.total:,}", "%3": percent(rate.rate, 1), "%4": percent(rate.low, 1)}
    for place, value in {**shares, "%5": percent(rate.high, 1)}.items():
        text = text.replace(place, value)
    return text


def _plot_scores(session: Session, rows: IntArray) -> ScorePicture | None:
    scores = session.table.scores[rows]
    judged, threshold = ~np.isnan(scores), session.threshold
    if threshold is None or not judged.any():
        return None
    display = session.score_display
    scale = display.find_scale(threshold) if display.is_relative else None
    labels = session.table.labels[rows][judged]
    return ScorePicture(scores[judged], labels, threshold.value, threshold.unsure, scale)


def _describe_shown(session: Session, remarks: Remarks, row: int) -> Shown:
    one, said = session.table.read_row(row), remarks.find_remark(row)
    score = "" if one.score is None else session.score_display.write_score(one.score)
    label = {
        ImageLabel.GOOD: translate("Report", "labelled good"),
        ImageLabel.DEFECT: translate("Report", "labelled defect"),
        ImageLabel.NONE: "",
    }[one.label]
    judged = f"{session.find_verdict(row).told} {score}".strip()
    return Shown(one.path, tuple(filter(None, (one.path.name, judged, label, said.kind, said.note))))


def _show_wrong(shown: list[Shown], count: int) -> str:
    heading = make_heading(translate("Report", "Judged wrongly: %1").replace("%1", f"{count:,}"))
    if not count:
        return heading + make_paragraph(translate("Report", "None."))
    return heading + make_gallery(shown) + describe_rest(count - len(shown))


def describe_rest(count: int) -> str:
    """Return a paragraph on the images that a gallery has no room for."""
    if count <= 0:
        return ""
    text = translate("Report", "%1 more are not shown; the exported table has all.")
    return make_paragraph(text.replace("%1", f"{count:,}"))
