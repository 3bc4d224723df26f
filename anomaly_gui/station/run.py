"""Run a station: put together what its settings name, and work until it is told to end."""

from __future__ import annotations

import getpass
from contextlib import closing
from typing import TYPE_CHECKING

from anomaly_gui.errors import UserError
from anomaly_gui.language import keep, translate
from anomaly_gui.station import files
from anomaly_gui.station.capture.folder import FolderCapture
from anomaly_gui.station.judging.judge import open_judge
from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.ledger.ledger import Ledger, Place
from anomaly_gui.station.ledger.linking import AuditEntry
from anomaly_gui.station.lock import claim_records
from anomaly_gui.station.moving import BAD, DUPLICATE
from anomaly_gui.station.sending import Outputs
from anomaly_gui.station.settings.station_settings import MOVE
from anomaly_gui.station.state_file import ERROR, STARTING, STOPPED, StateFile
from anomaly_gui.station.station import Station
from anomaly_gui.station.stopping import StopWish
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.station.judging.judge import Judge
    from anomaly_gui.station.settings.station_settings import FolderSettings, StationSettings


def run_station(settings: StationSettings, is_over: Callable[[], bool], say: Callable[[str], None]) -> None:
    """Work until it is over.

    Parameters
    ----------
    say : called with a sentence once parts are judged

    Raises
    ------
    UserError : it cannot begin
    """
    outputs = Outputs(settings)
    with (
        claim_records(settings.records),
        Ledger(settings.ledger_file, make_place(settings)) as ledger,
        closing(outputs),
    ):
        state = StateFile(settings.state_file, ledger.record_alarm)
        state.write_state(STARTING, {})
        wish = StopWish(settings.records)
        ended = ERROR
        try:
            make_folders(settings.capture)
            judge = open_judge(settings.model, settings.runtime)
            _record_start(ledger, settings, judge)
            with closing(FolderCapture(settings.capture, ledger.is_settled)) as capture:
                station = Station(settings.capture, ledger, judge, capture, state, outputs.tend)
                say(translate("Judging what comes into {path}.", path=settings.capture.folder))
                station.run_until(lambda: is_over() or wish.is_there())
                if wish.who:
                    ledger.add_audit(AuditEntry("stop", after=settings.station, who=wish.who))
            ended = STOPPED
        finally:
            state.write_state(ended, {})


def make_place(settings: StationSettings) -> Place:
    """Return the names that records and messages have."""
    outputs = tuple(output.name for output in settings.outputs)
    return Place(settings.site, settings.line, settings.station, outputs)


def make_folders(settings: FolderSettings) -> None:
    """Make the folders that judged pictures go to; UserError where they cannot be, or nothing can arrive."""
    if not settings.folder.is_dir():
        raise UserError(
            translate("{path} is not there: make the folder that pictures arrive in.", path=settings.folder)
        )
    if settings.after != MOVE:
        return
    try:
        for name in (*(verdict.value for verdict in StationVerdict), BAD, DUPLICATE):
            (settings.judged / name).mkdir(parents=True, exist_ok=True)
        files.sync_folder(settings.judged)
    except OSError as error:
        raise UserError(
            translate("{path} cannot be written ({why}).", path=settings.judged, why=explain_os_error(error))
        ) from error


def _record_start(ledger: Ledger, settings: StationSettings, judge: Judge) -> None:
    """Record that the station begins, and what is not as it was when it began last."""
    who = getpass.getuser()
    for what, now in (
        ("settings", settings.sha256),
        ("model", judge.by.sha256),
        ("threshold", repr(judge.by.threshold)),
    ):
        before = ledger.find_last_audit(what)
        if before != now:
            ledger.add_audit(AuditEntry(what, before or "", now, keep("changed before the start"), who))
    ledger.add_audit(AuditEntry("start", after=settings.station, who=who))
