"""Say in words whether all that a station needs is there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station import files
from anomaly_gui.station.capture.sightings import is_picture_name
from anomaly_gui.station.judging.judge import open_judge
from anomaly_gui.station.ledger.engine import open_engine
from anomaly_gui.station.ledger.verifying import verify_ledger
from anomaly_gui.station.lock import is_claimed
from anomaly_gui.station.outputs.registry import make_output
from anomaly_gui.station.sending import make_jobs
from anomaly_gui.station.server.connecting import find_version, open_server
from anomaly_gui.station.settings.station_settings import MOVE
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from anomaly_gui.station.outputs.child import OutputJob
    from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings
    from anomaly_gui.station.settings.station_settings import StationSettings


@dataclass(frozen=True)
class Finding:
    """What a check found: a sentence, and whether the station can work like that."""

    is_well: bool
    sentence: str


def check_station(settings: StationSettings) -> Iterator[Finding]:
    """Yield what each check found, as soon as it is known; nothing is left behind."""
    for check in (_check_input, _check_judged, _check_records):
        yield _make_finding(check, settings)
    yield from _check_outputs(settings)
    if settings.postgresql is not None:
        yield _make_finding(partial(_check_server, settings.postgresql), settings)
    yield _make_finding(_check_model, settings)


def _make_finding(check: Callable[[StationSettings], str], settings: StationSettings) -> Finding:
    try:
        return Finding(True, check(settings))
    except OSError as error:
        why = explain_os_error(error)
        return Finding(False, translate("{path} cannot be used ({why}).", path=error.filename, why=why))
    except UserError as error:
        return Finding(False, str(error))


def _check_input(settings: StationSettings) -> str:
    folder = settings.capture.folder
    count = sum(is_picture_name(path.name) for path in folder.iterdir())
    if settings.capture.after == MOVE:
        files.try_writing(folder)
    return translate("Pictures come into {path}; waiting: {count:,}.", path=folder, count=count)


def _check_judged(settings: StationSettings) -> str:
    capture = settings.capture
    if capture.after != MOVE:
        return translate("Judged pictures stay where they are.")
    folder = _find_existing(capture.judged)
    files.try_writing(folder)
    if folder.stat().st_dev != capture.folder.stat().st_dev:
        return translate("Judged pictures go to {path}, on another drive: they are copied.", path=folder)
    return translate("Judged pictures go to {path}.", path=capture.judged)


def _check_records(settings: StationSettings) -> str:
    files.try_writing(_find_existing(settings.records))
    if not settings.ledger_file.exists():
        return translate("Records will be in {path}.", path=settings.ledger_file)
    engine = open_engine(settings.ledger_file)
    try:
        found = verify_ledger(engine)
    finally:
        engine.dispose()
    if found.faults:
        raise UserError(found.faults[0])
    return translate(
        "{path} holds {count:,} results, unchanged.", path=settings.ledger_file, count=found.results
    )


def _check_outputs(settings: StationSettings) -> Iterator[Finding]:
    """Reach each output for real."""
    try:
        jobs = list(make_jobs(settings))
    except UserError as error:
        yield Finding(False, str(error))
        return
    if not jobs:
        yield Finding(True, translate("There are no outputs."))
    for job in jobs:
        yield _make_finding(partial(_check_output, job), settings)


def _check_output(job: OutputJob, settings: StationSettings) -> str:
    output = make_output(job.name, job.settings, job.place)
    if output.listens and is_claimed(settings.records):
        told = translate("the station runs, and listens itself.")
    else:
        told = output.try_out()
    return translate("Output {name}: {told}", name=job.name, told=told)


def _check_server(server: PostgresqlSettings, _: StationSettings) -> str:
    with open_server(server) as connection:
        find_version(connection)
    return translate("Records are copied to {server}.", server=server.name)


def _check_model(settings: StationSettings) -> str:
    by = open_judge(settings.model, settings.runtime).by
    return translate(
        "{path} judges on this machine, at the threshold {value:.6g}.",
        path=settings.model,
        value=by.threshold,
    )


def _find_existing(folder: Path) -> Path:
    """Return a folder, or the first above it that is there."""
    return folder if folder.exists() else _find_existing(folder.parent)
