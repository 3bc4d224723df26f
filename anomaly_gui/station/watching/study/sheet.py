"""A study at the screen: its folder, whom it asks what next, and every answer on the disk at once."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.results import write_csv
from anomaly_gui.station.capture.sightings import is_picture_name
from anomaly_gui.station.watching.study.agreement import Study, study_agreement
from anomaly_gui.station.watching.study.files import (
    DEFECT,
    GOOD,
    PLAN,
    StudyPart,
    read_answer,
    read_answers,
    read_parts,
    read_table,
    require_both_kinds,
    write_parts,
    write_plan,
)
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

STUDIES, PARTS, ANSWERS = "studies", "parts.csv", "answers.csv"
"""The folder of studies in the records, and the two files of each."""
_WORDS = {None: "", False: GOOD, True: DEFECT}


@dataclass(frozen=True)
class Question:
    """A row of a plan.

    Parameters
    ----------
    answer : whether it was called a defect; None while it was not judged
    """

    trial: str
    operator: str
    part: str
    answer: bool | None = None


@dataclass(frozen=True, eq=False)
class Sheet:
    """A study that is being filled in, as its files have it.

    Parameters
    ----------
    questions : in the order of the plan
    """

    folder: Path
    parts: dict[str, StudyPart]
    questions: tuple[Question, ...]

    @property
    def operators(self) -> tuple[str, ...]:
        """Who judges, in the order of the plan."""
        return tuple(dict.fromkeys(question.operator for question in self.questions))

    @property
    def trials(self) -> tuple[str, ...]:
        """The trials, in the order of the plan."""
        return tuple(dict.fromkeys(question.trial for question in self.questions))

    @property
    def is_complete(self) -> bool:
        """Whether all is answered."""
        return self.find_next() is None

    def find_next(self, operator: str | None = None) -> int | None:
        """Return the first question without an answer, of an operator or of all; None where none is left."""
        return next(
            (
                place
                for place, question in enumerate(self.questions)
                if question.answer is None and operator in (None, question.operator)
            ),
            None,
        )

    def list_turn(self, place: int) -> list[int]:
        """Return the places of the questions of the same operator and trial."""
        turn = self.questions[place]
        return [
            each
            for each, question in enumerate(self.questions)
            if (question.operator, question.trial) == (turn.operator, turn.trial)
        ]

    def count_answers(self, operator: str | None = None, trial: str | None = None) -> tuple[int, int]:
        """Return how many questions are answered, and how many there are."""
        asked = [
            question
            for question in self.questions
            if operator in (None, question.operator) and trial in (None, question.trial)
        ]
        return sum(question.answer is not None for question in asked), len(asked)

    def set_answer(self, place: int, answer: bool | None) -> Sheet:
        """Return the sheet with another answer; None takes it back."""
        questions = list(self.questions)
        questions[place] = replace(questions[place], answer=answer)
        return replace(self, questions=tuple(questions))

    def save(self) -> None:
        """Write the answers, whole or not at all; UserError where that fails."""
        rows = [
            (number, each.trial, each.operator, each.part, _WORDS[each.answer])
            for number, each in enumerate(self.questions, 1)
        ]
        write_csv(self.folder / ANSWERS, PLAN, rows)

    def measure_agreement(self) -> Study:
        """Return what the answers tell, as the files have them; UserError where one is missing."""
        standard = {name: part.is_defect for name, part in self.parts.items()}
        return study_agreement(read_answers(self.folder / ANSWERS, standard))


def find_parts(source: Path, seed: int) -> tuple[StudyPart, ...]:
    """Return the parts of a table, or of a folder with pictures in its folders `good` and `defect`.

    Pictures are numbered in an order that is drawn: a number says nothing of what a part is.

    Raises
    ------
    UserError : it cannot be read, or there are too few of a kind
    """
    if not source.is_dir():
        return read_parts(source)
    found = [(path, is_defect) for is_defect in (False, True) for path in _list_pictures(source, is_defect)]
    order = np.random.default_rng(seed).permutation(len(found))
    width = len(str(len(found)))
    parts = tuple(
        StudyPart(f"P{number:0{width}}", found[place][1], found[place][0].absolute())
        for number, place in enumerate(order, 1)
    )
    require_both_kinds(source, parts)
    return parts


def _list_pictures(source: Path, is_defect: bool) -> list[Path]:
    folder = source / (DEFECT if is_defect else GOOD)
    try:
        return sorted(path for path in folder.iterdir() if is_picture_name(path.name) and path.is_file())
    except OSError as error:
        raise UserError(
            translate(
                "{path} cannot be read ({why}): a study takes a folder with the folders good and defect.",
                path=folder,
                why=explain_os_error(error),
            )
        ) from error


def make_sheet(
    records: Path, parts: Sequence[StudyPart], operators: Sequence[str], trials: int, seed: int
) -> Sheet:
    """Plan a study, in a folder of its own in the records of a station.

    Raises
    ------
    UserError : an operator has no name or is there twice, or the files cannot be written
    """
    folder = records / STUDIES / f"{datetime.now():%Y-%m-%d %H-%M-%S}"
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        why = explain_os_error(error)
        raise UserError(translate("{path} cannot be written ({why}).", path=folder, why=why)) from error
    try:
        write_parts(folder / PARTS, parts)
        write_plan(folder / ANSWERS, [part.name for part in parts], operators, trials, seed)
        return open_sheet(folder)
    except UserError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def list_sheets(records: Path) -> list[Path]:
    """Return the folders of studies, the newest first."""
    return sorted((path.parent for path in (records / STUDIES).glob(f"*/{ANSWERS}")), reverse=True)


def open_sheet(folder: Path) -> Sheet:
    """Return a study as far as it is filled in.

    Raises
    ------
    UserError : a file cannot be read, or a row of it cannot be used
    """
    parts = {part.name: part for part in read_parts(folder / PARTS)}
    file = folder / ANSWERS
    _, trial, operator, part, answer = PLAN
    questions = [
        Question(row[trial], row[operator], row[part], read_answer(file, number, row[answer]))
        for number, row in read_table(file, PLAN)
    ]
    if not questions or any(question.part not in parts for question in questions):
        raise UserError(translate("{path} is no plan of these parts.", path=file))
    return Sheet(folder, parts, tuple(questions))
