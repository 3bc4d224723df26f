"""The report of a study, for a page and for quality files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from anomaly_gui.gui.report.model_facts import describe_making
from anomaly_gui.gui.report.page_parts import (
    Report,
    make_facts,
    make_heading,
    make_paragraph,
    make_signatures,
    make_table,
)

if TYPE_CHECKING:
    from anomaly_gui.station.watching.study.words import StudyPage

translate = QCoreApplication.translate


def describe_numbers(page: StudyPage) -> str:
    """Return facts, tables and what they mean, as HTML; the conclusion is not among them."""
    return _tabulate(page) + _explain(page)


def _tabulate(page: StudyPage) -> str:
    tables = (make_heading(table.title) + make_table(table.header, table.rows) for table in page.tables)
    return make_facts(page.facts) + "".join(tables)


def _explain(page: StudyPage) -> str:
    return "".join(map(make_paragraph, page.remarks))


def describe_report(page: StudyPage, station: str, planned: str) -> Report:
    """Return the report of a study.

    Parameters
    ----------
    planned : when that was, which is the name of its folder, too
    """
    facts = [
        *describe_making(),
        (translate("StudyReport", "Station"), station),
        (translate("StudyReport", "Planned"), planned),
    ]
    numbers = (
        make_heading(page.title, 1)
        + make_facts(facts)
        + make_heading(translate("StudyReport", "Conclusion"))
        + make_paragraph(page.conclusion)
        + _tabulate(page)
    )
    meaning = make_heading(translate("StudyReport", "What the numbers mean")) + _explain(page)
    footer = f"{page.title}, {station}, {planned}"
    return Report(page.title, (numbers, meaning + make_signatures()), footer)
