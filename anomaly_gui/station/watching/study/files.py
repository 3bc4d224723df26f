"""The files of a study: its parts and what they are, the plan that people fill in, and their answers."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.results import write_csv
from anomaly_gui.station.watching.study.agreement import Answers
from anomaly_gui.wording import explain_os_error, join_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GOOD, DEFECT = "good", "defect"
_PART, _STANDARD, _OPERATOR, _TRIAL, _ANSWER = "part", "standard", "operator", "trial", "answer"
_PICTURE = "picture"
PLAN = ("number", _TRIAL, _OPERATOR, _PART, _ANSWER)
"""Columns of a plan, which is filled in."""
FEWEST_PARTS = 10


@dataclass(frozen=True)
class StudyPart:
    """A part of a study.

    Parameters
    ----------
    is_defect : what it is known to be
    picture : None for one that is put before the operator itself
    """

    name: str
    is_defect: bool
    picture: Path | None = None


def read_standard(file: Path) -> dict[str, bool]:
    """Return of each part whether it is a defect; UserError as `read_parts`."""
    return {part.name: part.is_defect for part in read_parts(file)}


def read_parts(file: Path) -> tuple[StudyPart, ...]:
    """Return the parts of a table with columns `part`, `standard` and, where there are any, `picture`.

    A picture may be named relative to the table; without that column, a part that is the name of a file
    beside it is that picture.

    Raises
    ------
    UserError : it cannot be read, or a row of it cannot be used
    """
    parts: dict[str, StudyPart] = {}
    for number, row in read_table(file, (_PART, _STANDARD), (_PICTURE,)):
        name = row[_PART]
        if not name or name in parts:
            why = translate("the part {part} is there twice", part=name) if name else _say_empty(_PART)
            raise _blame_row(file, number, why)
        is_defect = _read_word(file, number, row[_STANDARD])
        parts[name] = StudyPart(name, is_defect, _find_picture(file, name, row[_PICTURE]))
    require_both_kinds(file, tuple(parts.values()))
    return tuple(parts.values())


def require_both_kinds(source: Path, parts: Sequence[StudyPart]) -> None:
    """Raise UserError where there are too few parts, or none of one kind."""
    count, defects = len(parts), sum(part.is_defect for part in parts)
    if count < FEWEST_PARTS or not 0 < defects < count:
        raise UserError(
            translate(
                "{path}: a study needs at least {count} parts, good ones and defects.",
                path=source,
                count=FEWEST_PARTS,
            )
        )


def _find_picture(file: Path, name: str, told: str) -> Path | None:
    if told:
        return file.parent / told
    beside = file.parent / name
    return beside if Path(name).suffix and beside.is_file() else None


def write_parts(file: Path, parts: Sequence[StudyPart]) -> None:
    """Write a table that `read_parts` reads; UserError where it cannot be written."""
    words = (GOOD, DEFECT)
    rows = [(part.name, words[part.is_defect], part.picture or "") for part in parts]
    write_csv(file, (_PART, _STANDARD, _PICTURE), rows)


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
    write_csv(file, PLAN, [(number, *row, "") for number, row in enumerate(order, 1)])
    return len(order)


def read_answers(file: Path, standard: Mapping[str, bool]) -> Answers:
    """Return the answers of a plan that was filled in.

    Raises
    ------
    UserError : it cannot be read; an answer is missing, there twice, or no word of ours
    """
    found: dict[tuple[str, str, str], bool] = {}
    for number, row in read_table(file, (_OPERATOR, _TRIAL, _PART, _ANSWER)):
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


def read_table(
    file: Path, names: Sequence[str], optional: Sequence[str] = ()
) -> list[tuple[int, dict[str, str]]]:
    """Return number and texts of each row that is not empty; commas or semicolons.

    Parameters
    ----------
    names : columns that have to be there
    optional : columns that are "" where they are not

    Raises
    ------
    UserError : it cannot be read, or a column is missing
    """
    rows = _read_rows(file)
    header = [name.strip().lower() for name in rows[0]] if rows else []
    missing = [name for name in names if name not in header]
    if missing:
        raise UserError(
            translate("{path} has no columns {names} in its first row.", path=file, names=join_list(missing))
        )
    places = {name: header.index(name) if name in header else len(header) for name in (*names, *optional)}
    return [
        (number, {name: _take_cell(row, place) for name, place in places.items()})
        for number, row in enumerate(rows[1:], 2)
        if any(map(str.strip, row))
    ]


def _read_rows(file: Path) -> list[list[str]]:
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        why = explain_os_error(error)
        raise UserError(translate("{path} cannot be read ({why}).", path=file, why=why)) from error
    except UnicodeDecodeError as error:
        raise UserError(translate("{path} is no text in UTF-8.", path=file)) from error
    lines = text.splitlines()
    first = lines[0] if lines else ""
    delimiter = ";" if ";" in first and "," not in first else ","
    try:
        return list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UserError(translate("{path} is no table ({why}).", path=file, why=error)) from error


def _take_cell(row: Sequence[str], column: int) -> str:
    """Return a cell, without the mark that keeps spreadsheets from taking it for a formula."""
    return row[column].strip().removeprefix("'") if column < len(row) else ""


def read_answer(file: Path, number: int, word: str) -> bool | None:
    """Return an answer of a row, True for defect; None while there is none; UserError for another word."""
    return _read_word(file, number, word) if word else None


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
