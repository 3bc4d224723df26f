"""The files of a study: its parts and what they are, the plan that people fill in, and their answers."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.results import write_csv
from anomaly_gui.station.watching.study.agreement import Answers
from anomaly_gui.wording import explain_os_error, join_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

GOOD, DEFECT = "good", "defect"
_PART, _STANDARD, _OPERATOR, _TRIAL, _ANSWER = "part", "standard", "operator", "trial", "answer"
_PLAN = ("number", _TRIAL, _OPERATOR, _PART, _ANSWER)
FEWEST_PARTS = 10


def read_standard(file: Path) -> dict[str, bool]:
    """Return of each part whether it is a defect, from a table with columns `part` and `standard`.

    Raises
    ------
    UserError : it cannot be read, or a row of it cannot be used
    """
    standard: dict[str, bool] = {}
    for number, row in _read_table(file, (_PART, _STANDARD)):
        name = row[_PART]
        if not name or name in standard:
            why = translate("the part {part} is there twice", part=name) if name else _say_empty(_PART)
            raise _blame_row(file, number, why)
        standard[name] = _read_word(file, number, row[_STANDARD])
    count, defects = len(standard), sum(standard.values())
    if count < FEWEST_PARTS or not 0 < defects < count:
        raise UserError(
            translate(
                "{path}: a study needs at least {count} parts, good ones and defects.",
                path=file,
                count=FEWEST_PARTS,
            )
        )
    return standard


def write_plan(file: Path, parts: Sequence[str], operators: Sequence[str], trials: int, seed: int) -> int:
    """Write who judges which part next, in an order of its own for each trial; return how many answers.

    What the parts are is not in it: who judges should not know.
    """
    if len(set(operators)) != len(operators) or not all(map(str.strip, operators)):
        raise UserError(translate("Name each operator once."))
    random = np.random.default_rng(seed)
    order = [
        (trial, operator, parts[index])
        for trial in range(1, trials + 1)
        for operator in operators
        for index in random.permutation(len(parts))
    ]
    write_csv(file, _PLAN, [(number, *row, "") for number, row in enumerate(order, 1)])
    return len(order)


def read_answers(file: Path, standard: Mapping[str, bool]) -> Answers:
    """Return the answers of a plan that was filled in.

    Raises
    ------
    UserError : it cannot be read; an answer is missing, there twice, or no word of ours
    """
    found: dict[tuple[str, str, str], bool] = {}
    for number, row in _read_table(file, (_OPERATOR, _TRIAL, _PART, _ANSWER)):
        key = row[_OPERATOR], row[_TRIAL], row[_PART]
        if row[_PART] not in standard:
            raise _blame_row(file, number, translate("the part {part} is not one of them", part=row[_PART]))
        if key in found:
            raise _blame_row(file, number, translate("this was answered in a row before"))
        found[key] = _read_word(file, number, row[_ANSWER])
    operators = tuple(dict.fromkeys(key[0] for key in found))
    trials = tuple(dict.fromkeys(key[1] for key in found))
    wanted = [(operator, trial, part) for operator in operators for trial in trials for part in standard]
    for operator, trial, part in wanted:
        if (operator, trial, part) not in found:
            raise _say_missing(file, operator, trial, part)
    if not wanted:
        raise UserError(translate("{path} holds no answers.", path=file))
    said = np.array([found[key] for key in wanted]).reshape(len(operators), len(trials), len(standard))
    is_defect = np.array(list(standard.values()))
    return Answers(tuple(standard), operators, is_defect, said.transpose(0, 2, 1))


def _read_table(file: Path, names: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Return number and texts of each row that is not empty; commas or semicolons."""
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        why = explain_os_error(error)
        raise UserError(translate("{path} cannot be read ({why}).", path=file, why=why)) from error
    except UnicodeDecodeError as error:
        raise UserError(translate("{path} is no text in UTF-8.", path=file)) from error
    lines = text.splitlines()
    first = lines[0] if lines else ""
    try:
        rows = list(
            csv.reader(lines, delimiter=";" if ";" in first and "," not in first else ",", strict=True)
        )
    except csv.Error as error:
        raise UserError(translate("{path} is no table ({why}).", path=file, why=error)) from error
    header = [name.strip().lower() for name in rows[0]] if rows else []
    missing = [name for name in names if name not in header]
    if missing:
        raise UserError(
            translate("{path} has no columns {names} in its first row.", path=file, names=join_list(missing))
        )
    return [
        (number, {name: _take_cell(row, header.index(name)) for name in names})
        for number, row in enumerate(rows[1:], 2)
        if any(map(str.strip, row))
    ]


def _take_cell(row: Sequence[str], column: int) -> str:
    """Return a cell, without the mark that keeps spreadsheets from taking it for a formula."""
    return row[column].strip().removeprefix("'") if column < len(row) else ""


def _read_word(file: Path, number: int, word: str) -> bool:
    if word.lower() not in (GOOD, DEFECT):
        said = _say_empty(_ANSWER) if not word else translate("{word} is no answer", word=word)
        raise _blame_row(file, number, translate("{problem}: write good or defect", problem=said))
    return word.lower() == DEFECT


def _say_empty(column: str) -> str:
    return translate("nothing is in the column {column}", column=column)


def _blame_row(file: Path, number: int, why: str) -> UserError:
    return UserError(translate("{path}, row {number}: {why}.", path=file, number=number, why=why))


def _say_missing(file: Path, operator: str, trial: str, part: str) -> UserError:
    return UserError(
        translate(
            "{path}: {operator} did not judge part {part} in trial {trial}.",
            path=file,
            operator=operator,
            trial=trial,
            part=part,
        )
    )
