"""How a setting is declared: a field of a dataclass says all there is to say of it.

The command line's options, the window's form, the checks of a request and the tables of the help pages are
made from these declarations; a new setting is one new field.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, get_args, get_type_hints

from anomaly_gui.errors import ParameterError
from anomaly_gui.language import translate

Level: TypeAlias = Literal["basic", "expert", "plot"]
"""Who sets it: anyone; who opens "Expert"; or nobody in a form, since it is set in the plot."""

_KEY = "setting"


@dataclass(frozen=True)
class Setting:
    """A setting: its name, what it takes, and a sentence on it.

    Parameters
    ----------
    name : field of the dataclass that declares it
    kind : int, float or str
    default : value when nothing is said
    help : one sentence
    title : what people read beside its field; by its name where there is none
    choices : the values a str may take; empty for any
    suggestions : values to offer where any can be taken
    words : what values are called where people choose them
    steps : values to slide over, between two words that `ends` names; None stands for what is not named
    ends : what the first step and the last one bring
    low, high : range of a number, both allowed
    unit : of a number
    as_percent : whether people read and write 1 % for 0.01
    term : heading of the glossary that explains it
    level : who sets it
    in_comparison : whether a comparison takes it; it tries several values of the others, or needs none
    used_by : the detectors that look at it; empty: all
    former_names : earlier names, which the command line still takes
    """

    name: str
    kind: type
    default: Any
    help: str
    title: str = ""
    choices: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[int | None, ...] = ()
    ends: tuple[str, str] = ("", "")
    low: float | None = None
    high: float | None = None
    unit: str = ""
    as_percent: bool = False
    term: str = ""
    level: Level = "expert"
    in_comparison: bool = True
    used_by: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()

    def check_value(self, value: Any) -> None:
        """Raise ParameterError for a value that it cannot have."""
        if self.choices and value not in self.choices:
            known = ", ".join(self.choices)
            raise ParameterError(
                translate("cannot be {value!r}: take one of {known}.", value=value, known=known), self.name
            )
        if value is None or self.kind is str:
            return
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        if isinstance(value, float) and not math.isfinite(value):
            raise ParameterError(
                translate("cannot be {value}: give a finite number.", value=value), self.name
            )
        if not low <= value <= high:
            raise ParameterError(
                translate(
                    "cannot be {value}: take from {low:g} to {high:g}.", value=value, low=low, high=high
                ),
                self.name,
            )


def declare_setting(default: Any, help: str, **details: Any) -> Any:  # noqa: A002 - as in Typer and argparse
    """Return the field of a dataclass that is a setting; `details` are parameters of `Setting`."""
    return field(default=default, metadata={_KEY: {"default": default, "help": help, **details}})


def read_declarations(declared: type) -> Mapping[str, Setting]:
    """Return the settings of a dataclass by their names, in its order."""
    kinds = get_type_hints(declared)
    found = {
        each.name: Setting(name=each.name, kind=_kind_of(kinds[each.name]), **each.metadata[_KEY])
        for each in dataclasses.fields(declared)
        if _KEY in each.metadata
    }
    return MappingProxyType(found)


def _kind_of(hint: Any) -> type:
    """Return the type of a value that is not None."""
    kind: type = next((one for one in get_args(hint) if one is not type(None)), hint)
    return kind
