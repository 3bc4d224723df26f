"""The file of a project's document: JSON with a version, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.project.document import Corrected, ModelEntry, ProjectDocument
from anomaly_gui.project.kept_file import is_json, replace_file, restore_file
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.project.image_paths import ImagePaths

FORMAT = "anomaly-gui project"
VERSION = 1
_FOLDERS = ("good", "calibration", "defects")
_VALUES = ("settings", "answers", "more")
_MODEL_TEXTS = ("name", "when", "who", "how", "detector", "note")


class ProjectFileError(UserError):
    """A project cannot be read, is damaged, or is of a later version."""


def write_document(file: Path, document: ProjectDocument, paths: ImagePaths) -> None:
    """Write a document; UserError where it cannot be written."""
    content: dict[str, Any] = {"format": FORMAT, "version": VERSION, "name": document.name}
    for name in _FOLDERS:
        content[name] = [paths.write_path(path) for path in getattr(document, name)]
    content["region"] = list(document.region)
    content.update({name: dict(getattr(document, name)) for name in _VALUES})
    content["corrected"] = {
        name: [paths.write_path(path) for path in files] for name, files in vars(document.corrected).items()
    }
    content["models"] = [vars(entry) for entry in document.models]
    content["current"] = document.current
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    try:
        with replace_file(file) as out:
            out.write(
                text.encode("utf-8", "backslashreplace")
            )  # bytes of names that are no text: JSON's escapes
    except OSError as error:
        raise ProjectFileError(
            translate(
                "{path} cannot be written ({why}): choose another place.",
                path=file,
                why=explain_os_error(error),
            )
        ) from error


def read_document(file: Path, paths: ImagePaths) -> ProjectDocument:
    """Read a document; raises ProjectFileError, one sentence, for whatever is wrong with it."""
    try:
        restore_file(file, is_json)
        content = json.loads(file.read_bytes())
    except FileNotFoundError as error:
        if not file.parent.exists():
            raise ProjectFileError(
                translate(
                    "{path} is not there: connect its drive, or look where it was moved to.", path=file.parent
                )
            ) from error
        raise ProjectFileError(
            translate(
                "{path} is not a project: choose a folder whose name ends in {ending}.",
                path=file.parent,
                ending=".anomalyproj",
            )
        ) from error
    except OSError as error:
        raise ProjectFileError(
            translate(
                "{path} cannot be read ({why}): check its drive.", path=file, why=explain_os_error(error)
            )
        ) from error
    except (ValueError, RecursionError) as error:
        raise ProjectFileError(_say_damaged(file)) from error
    _check_version(file, content)
    try:
        return _make_document(content, paths)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ProjectFileError(_say_damaged(file)) from error


def _say_damaged(file: Path) -> str:
    return translate(
        "{path} is damaged: take it from a backup; models and verdicts beside it are whole.", path=file
    )


def _check_version(file: Path, content: Any) -> None:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ProjectFileError(
            translate("{path} is not a project of Anomaly GUI: choose another folder.", path=file.parent)
        )
    version = content.get("version")
    if isinstance(version, int) and version > VERSION:
        raise ProjectFileError(
            translate(
                "{path} is of a later version of Anomaly GUI ({version}; this one reads {known}): open it "
                "with that.",
                path=file.parent,
                version=version,
                known=VERSION,
            )
        )
    if version != VERSION or isinstance(version, bool):
        raise ProjectFileError(_say_damaged(file))


def _make_document(content: Mapping[str, Any], paths: ImagePaths) -> ProjectDocument:
    folders: dict[str, Any] = {name: _read_paths(content[name], paths) for name in _FOLDERS}
    document = ProjectDocument(
        name=_need(content["name"], str),
        **folders,
        region=tuple(_need(content["region"], list)),
        **{name: _need(content[name], dict) for name in _VALUES},
        corrected=Corrected(
            *(_read_paths(content["corrected"][name], paths) for name in ("good", "defects", "excluded"))
        ),
        models=tuple(_make_model(model) for model in _need(content["models"], list)),
        current=None if content["current"] is None else _need(content["current"], str),
    )
    if document.current is not None and document.find_model(document.current) is None:
        raise ValueError("the model in use is none of the project's")
    return document


def _make_model(content: Mapping[str, Any]) -> ModelEntry:
    defects = content["defects"]
    entry = ModelEntry(
        **{name: _need(content[name], str) for name in _MODEL_TEXTS},
        good=_need(content["good"], int),
        calibration=_need(content["calibration"], int),
        defects=None if defects is None else _need(defects, int),
    )
    if not entry.name.isalnum():
        raise ValueError("a model's name leads out of its folder")
    return entry


def _read_paths(texts: Iterable[Any], paths: ImagePaths) -> tuple[Path, ...]:
    return tuple(paths.read_path(_need(text, str)) for text in _need(texts, list))


def _need(value: Any, kind: type) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
