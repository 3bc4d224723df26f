"""What the window shows, as files for reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.state.said.remarks import Remark
from anomaly_gui.results import write_csv

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.judging.metrics import Label
    from anomaly_gui.gui.state.said.remarks import Remarks
    from anomaly_gui.gui.state.session import Session


def export_csv(session: Session, file: Path, remarks: Remarks | None = None) -> None:
    """Write every shown image with score, verdict and label; raises UserError."""
    names = {ImageLabel.NONE: "", ImageLabel.GOOD: "good", ImageLabel.DEFECT: "defect"}
    rows, scale = [], session.score_display.find_scale()
    for row in session.table.shown_rows.tolist():
        one = session.table.read_row(row)
        relative = None if scale is None or one.score is None else scale.relate(one.score)
        why = session.explain_verdict(row)
        said = Remark() if remarks is None else remarks.find_remark(row)
        judged = (one.path, one.score, session.find_verdict(row), names[one.label], why)
        rows.append((*judged, relative, said.kind, said.note, one.part.number, one.part.lot))
    judged_by = ("path", "score", "verdict", "label", "reason", "relative_score")
    write_csv(file, (*judged_by, "kind", "note", "part", "lot"), rows)


def export_picture(session: Session, title: str, file: Path) -> None:
    """Write the scatter as PNG, or as SVG when the name ends so; raises UserError."""
    from anomaly_gui.figures import NamedThreshold, ScatterData, draw_scatter, save_figure  # late: a second

    labels: dict[ImageLabel, Label | None] = {
        ImageLabel.NONE: None,
        ImageLabel.GOOD: "normal",
        ImageLabel.DEFECT: "anomalous",
    }
    rows = [session.table.read_row(row) for row in session.table.shown_rows.tolist()]
    seen = [(row.score, labels[row.label]) for row in rows if row.score is not None]
    threshold = session.threshold
    lines = (NamedThreshold(threshold.rule, threshold.value),) if threshold else ()
    data = ScatterData([score for score, _ in seen], [label for _, label in seen], lines, title)
    save_figure(draw_scatter(data), file)
