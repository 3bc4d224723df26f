"""The report of a set of verdicts: those of a shift, of a selection, or of all images that were judged."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from anomaly_gui.detection.judging.verdicts import VERDICTS, Verdict
from anomaly_gui.gui.report.model_facts import describe_making, describe_model, describe_threshold
from anomaly_gui.gui.report.page_parts import (
    Report,
    Shown,
    make_facts,
    make_gallery,
    make_heading,
    make_paragraph,
    make_signatures,
    make_table,
)
from anomaly_gui.gui.report.validation_report import MOST_SHOWN, describe_rest
from anomaly_gui.gui.state.image_table import Origin
from anomaly_gui.gui.state.said.remarks import Remark
from anomaly_gui.wording import percent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.gui.state.operator.shift_book import ShiftBook
    from anomaly_gui.gui.state.part_tag import PartTag
    from anomaly_gui.gui.state.said.remarks import Remarks
    from anomaly_gui.gui.state.session import Session

translate = QCoreApplication.translate

_LINES_A_PAGE = 40
_MOST_LINES = 1000
"""Lines of the table, 25 pages: more is for a spreadsheet."""


@dataclass(frozen=True)
class Line:
    """One verdict of the report; `score` as it is written, `when` empty where nobody noted it."""

    path: Path
    verdict: Verdict
    score: str
    part: PartTag
    said: Remark
    when: str = ""


def list_shift(shift: ShiftBook, session: Session, remarks: Remarks) -> list[Line]:
    """Return the verdicts of a shift, as they were read; what was said of the images since is with them."""
    wanted = {one.path for one in shift.judged}
    rows = {path: row for row, path in enumerate(session.table.paths) if path in wanted}
    is_relative = session.score_display.is_relative
    return [
        Line(
            one.path,
            one.verdict,
            one.write_score(is_relative=is_relative),
            one.part,
            remarks.find_remark(rows[one.path]) if one.path in rows else Remark(),
            f"{one.when:%Y-%m-%d %H:%M:%S}",
        )
        for one in shift.judged
    ]


def list_images(session: Session, remarks: Remarks) -> list[Line]:
    """Return the verdicts on the selected images where there are several, or else on all that were judged."""
    table, rows = session.table, list(session.selection)
    if len(rows) < 2:
        rows = np.flatnonzero(np.isin(table.origins, [Origin.DROPPED, Origin.KNOWN_DEFECTS])).tolist()
    return [_describe_row(session, remarks, row) for row in rows]


def _describe_row(session: Session, remarks: Remarks, row: int) -> Line:
    one = session.table.read_row(row)
    score = "" if one.score is None else session.score_display.write_score(one.score)
    return Line(one.path, session.find_verdict(row), score, one.part, remarks.find_remark(row))


def describe_verdicts(
    session: Session, lines: Sequence[Line], since: str, name: str, file: Path | None
) -> Report:
    """Return the report of a set of verdicts; `since` is when the shift began, empty for other sets."""
    title = translate("Report", "Verdicts of %1").replace("%1", name)
    facts = [*describe_making(), (translate("Report", "Since"), since), *_count_lines(lines)]
    defects = [line for line in lines if line.verdict is Verdict.DEFECT]
    shown = [Shown(line.path, _describe_line(line)) for line in defects[:MOST_SHOWN]]
    parts = [
        make_heading(title, 1),
        make_facts(facts),
        describe_model(session, name, file is not None),
        describe_threshold(session),
        make_heading(translate("Report", "Defects: %1").replace("%1", f"{len(defects):,}")),
        make_gallery(shown) if shown else make_paragraph(translate("Report", "None.")),
        describe_rest(len(defects) - len(shown)),
    ]
    *tables, last = _tabulate_lines(lines[:_MOST_LINES])
    end = last + describe_rest(len(lines) - _MOST_LINES) + make_signatures()
    sections = ("".join(parts), *tables, end)
    return Report(title, sections, title, tuple(one.path for one in shown), None, file)


def _count_lines(lines: Sequence[Line]) -> list[tuple[str, str]]:
    counts = Counter(line.verdict for line in lines)
    judged = len(lines) - counts[Verdict.CANNOT_JUDGE]
    share = percent(counts[Verdict.GOOD] / judged, 1) if judged else ""
    found = [(verdict.told, f"{counts[verdict]:,}") for verdict in VERDICTS]
    return [(translate("Report", "Images"), f"{len(lines):,}"), *found, (translate("Report", "Yield"), share)]


def _describe_line(line: Line) -> tuple[str, ...]:
    return tuple(filter(None, (line.path.name, line.part.number, line.when, *astuple(line.said))))


def _tabulate_lines(lines: Sequence[Line]) -> list[str]:
    """Return the table in pieces, each a page with heading and header; there is one at least."""
    header = (
        translate("Report", "When"),
        translate("Report", "File"),
        translate("Report", "Part"),
        translate("Report", "Lot"),
        translate("Report", "Kind"),
        translate("Report", "Note"),
        translate("Report", "Verdict"),
        translate("Report", "Score"),
    )
    rows = [
        (
            line.when,
            line.path.name,
            line.part.number,
            line.part.lot,
            *astuple(line.said),
            line.verdict.told,
            line.score,
        )
        for line in lines
    ]
    used = [column for column in range(len(header)) if any(row[column] for row in rows)]
    picked = [[row[column] for column in used] for row in rows]
    heading, names = make_heading(translate("Report", "All verdicts")), [header[column] for column in used]
    starts = range(0, max(1, len(picked)), _LINES_A_PAGE)
    pieces = (picked[start : start + _LINES_A_PAGE] for start in starts)
    return [heading + make_table(names, piece, numbers_from=len(used) - 1) for piece in pieces]
