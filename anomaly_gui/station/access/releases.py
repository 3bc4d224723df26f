"""The release of a model: an engineer says, by its validation report, that the line may take it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.detection.model.model_file import digest_model
from anomaly_gui.language import translate
from anomaly_gui.paths import atomic_write
from anomaly_gui.station.access.history import RELEASED
from anomaly_gui.station.access.roles import AccessError, Action
from anomaly_gui.station.access.signing import signing
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

_PDF = b"%PDF-"
_FOLDER = "reports"


@dataclass(frozen=True)
class Release:
    """What an engineer releases.

    Parameters
    ----------
    model : digest of the model's file
    name : of that file
    report : digest of its validation report
    report_name : of that file; a copy is kept beside the ledger
    is_of_model : whether the report was found to name the digest of the model; False for a PDF
    """

    model: str
    name: str
    report: str
    report_name: str
    is_of_model: bool


def release_model(engine: Engine, records: Path, model: Path, report: Path, signer: str, why: str) -> Release:
    """Record that the line may take a model, and keep a copy of its report in the folder of the records.

    Raises
    ------
    AccessError : the role may not, there is no reason, or that is no validation report of this model
    ModelFileError : the model cannot be read
    """
    digest, content = digest_model(model), _read_report(report)
    release = Release(
        model=digest,
        name=model.name,
        report=hashlib.sha256(content).hexdigest(),
        report_name=report.name,
        is_of_model=_is_checked(report, content, digest),
    )
    with signing(engine, signer, Action.RELEASE, why) as signed:
        known = signed.history.released.get(digest)
        before = "" if known is None else json.dumps(known, sort_keys=True)
        _keep_report(records / _FOLDER / f"{release.report}{report.suffix.lower()}", content)
        signed.add(RELEASED, before, json.dumps(vars(release), sort_keys=True))
    return release


def _read_report(report: Path) -> bytes:
    try:
        return report.read_bytes()
    except OSError as error:
        raise AccessError(
            translate("{path} cannot be read ({why}).", path=report, why=explain_os_error(error))
        ) from error


def _is_checked(report: Path, content: bytes, digest: str) -> bool:
    """Tell whether a report says that it is of a model; AccessError where it is none, or of another."""
    if content.startswith(_PDF):
        return False
    try:
        said = json.loads(content)
        named = said["model_sha256"] if "false_alarm_rate" in said else None
    except (ValueError, KeyError, TypeError):
        named = None
    if named is None:
        raise AccessError(
            translate(
                "{path} is no validation report: give the JSON that evaluating writes, or the PDF.",
                path=report,
            )
        )
    if named != digest:
        raise AccessError(translate("{path} is the validation report of another model.", path=report))
    return True


def _keep_report(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as file:
            file.write(content)
    except OSError as error:
        raise AccessError(
            translate("{path} cannot be written ({why}).", path=path, why=explain_os_error(error))
        ) from error
