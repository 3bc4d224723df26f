"""What a project says of its product, but for what was judged: that is in the journal of each model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Corrected:
    """Copies of images put aside, and files that are not to be learned from."""

    good: tuple[Path, ...] = ()
    defects: tuple[Path, ...] = ()
    excluded: tuple[Path, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is corrected."""
        return bool(self.good or self.defects or self.excluded)


@dataclass(frozen=True)
class ModelEntry:
    """One model of a project.

    Parameters
    ----------
    name : of its file in the folder of models, without the ending
    when : ISO 8601, UTC
    who : name of the account
    how : "trained", "updated" or "opened"
    detector : its kind
    good, calibration, defects : how many images it was made of; None where that is not known
    note : what a person wrote of it
    """

    name: str
    when: str
    who: str
    how: str
    detector: str
    good: int
    calibration: int = 0
    defects: int | None = None
    note: str = ""


@dataclass(frozen=True)
class ProjectDocument:
    """All of a project that is no image, no model and no verdict.

    Parameters
    ----------
    name : of the product; empty while the project has no place of its own
    good, calibration, defects : folders and files to learn from
    region : the region of interest, as JSON holds it
    settings : values of a training by name
    answers : what a person answered after a training, by name of the setting
    corrected : images put aside or excluded
    models : every model, in the order in which they came
    current : the name of the one in use; None for none
    more : what parts of the window keep beside, by name; any JSON
    """

    name: str = ""
    good: tuple[Path, ...] = ()
    calibration: tuple[Path, ...] = ()
    defects: tuple[Path, ...] = ()
    region: tuple[Any, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    corrected: Corrected = field(default_factory=Corrected)
    models: tuple[ModelEntry, ...] = ()
    current: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def find_model(self, name: str | None) -> ModelEntry | None:
        """Return the model of a name; None where there is none."""
        return next((entry for entry in self.models if entry.name == name), None)

    def with_model(self, entry: ModelEntry) -> ProjectDocument:
        """Return this with a model, new or changed, that is in use from now on."""
        if self.find_model(entry.name) is None:
            return replace(self, models=(*self.models, entry), current=entry.name)
        models = tuple(entry if one.name == entry.name else one for one in self.models)
        return replace(self, models=models, current=entry.name)

    def with_note(self, name: str, note: str) -> ProjectDocument:
        """Return this with another note on a model."""
        changed = (replace(one, note=note) if one.name == name else one for one in self.models)
        return replace(self, models=tuple(changed))
