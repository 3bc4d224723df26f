"""The commands `station study plan` and `station study report`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.cells import cell_len

from anomaly_gui.cli.output.columns import align_columns, pad_right
from anomaly_gui.cli.output.report import print_line
from anomaly_gui.language import translate
from anomaly_gui.results import write_csv, write_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anomaly_gui.station.watching.study.words import StudyPage, StudyTable

_Parts = Annotated[
    Path, typer.Argument(metavar="PARTS.csv", help="A table with columns part and standard: good or defect.")
]
_Plan = Annotated[
    Path, typer.Option("--csv", metavar="FILE", help="Where the plan goes; answers are filled in.")
]
_Operator = Annotated[
    list[str], typer.Option("--operator", metavar="NAME", help="Who judges; once for each operator.")
]
_Trials = Annotated[int, typer.Option("--trials", min=1, max=20, help="How often each judges each part.")]
_Seed = Annotated[int, typer.Option("--seed", min=0, help="Draws the order in which parts are judged.")]
_Answers = Annotated[Path, typer.Argument(metavar="ANSWERS.csv", help="The plan with its answers.")]
_Csv = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Write the tables, for spreadsheets.")
]
_Json = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write every number.")]


def plan_command(
    parts: _Parts, csv: _Plan, operator: _Operator, trials: _Trials = 3, seed: _Seed = 1
) -> None:
    """Write who judges which part next: each part several times, in an order drawn anew for each trial.

    Each operator fills in the column answer with good or defect, and does not see what the parts are.
    """
    from anomaly_gui.station.watching.study.files import read_standard, write_plan

    count = write_plan(csv, list(read_standard(parts)), operator, trials, seed)
    print_line(translate("{path}: {count:,} answers to fill in.", path=csv, count=count))


def report_command(parts: _Parts, answers: _Answers, csv: _Csv = None, json: _Json = None) -> None:
    """Say how well operators judge: against the standard, each other, and themselves."""
    from anomaly_gui.station.watching.study.agreement import study_agreement
    from anomaly_gui.station.watching.study.files import read_answers, read_standard
    from anomaly_gui.station.watching.study.words import describe_study

    study = study_agreement(read_answers(answers, read_standard(parts)))
    page = describe_study(study)
    for line in _write_page(page):
        print_line(line)
    if csv is not None:
        rows = [(table.title, *row) for table in page.tables for row in (table.header, *table.rows)]
        write_csv(csv, (page.title,), rows)
    if json is not None:
        write_json(json, asdict(study))


def _write_page(page: StudyPage) -> Iterator[str]:
    yield page.conclusion
    yield ""
    widest = max(cell_len(name) for name, _ in page.facts)
    for name, value in page.facts:
        yield f"{pad_right(name, widest)}  {value}"
    for table in page.tables:
        yield ""
        yield from _write_table(table)
    yield ""
    yield from page.remarks


def _write_table(table: StudyTable) -> Iterator[str]:
    yield table.title
    yield from align_columns([table.header, *table.rows])
