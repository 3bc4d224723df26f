"""Run a station: put together what its settings name, and work until it is told to end."""

from __future__ import annotations

import getpass
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from anomaly_gui.errors import UserError
from anomaly_gui.language import keep, translate
from anomaly_gui.station import files
from anomaly_gui.station.access.gate import Gate
from anomaly_gui.station.access.managing import is_first_start
from anomaly_gui.station.access.sessions import read_operator
from anomaly_gui.station.access.station_lock import lock_station
from anomaly_gui.station.capture.camera import open_capture
from anomaly_gui.station.judging.judge import open_judge, read_held_out
from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.judging.process import JudgeProcess
from anomaly_gui.station.ledger.ledger import Ledger
from anomaly_gui.station.ledger.linking import CUT, AuditEntry
from anomaly_gui.station.ledger.reading import has_seen
from anomaly_gui.station.lock import claim_records
from anomaly_gui.station.moving import BAD, DUPLICATE
from anomaly_gui.station.pruning import HourlyPruning
from anomaly_gui.station.sending import Outputs, make_place
from anomaly_gui.station.settings.station_settings import FOLDER, MOVE
from anomaly_gui.station.state_file import ERROR, LOCKED, STARTING, STOPPED, StateFile, read_known_end
from anomaly_gui.station.station import Station
from anomaly_gui.station.stopping import StopWish
from anomaly_gui.station.watching.challenge_records import list_active_alarms
from anomaly_gui.station.watching.drift import FIRST_SCORES, WARNINGS
from anomaly_gui.station.watching.watch import WANTED, Watch
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from anomaly_gui.station.judging.judged import JudgedBy
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
    opener = partial(open_judge, settings.model, settings.runtime)
    with (
        claim_records(settings.records),
        closing(JudgeProcess(opener, settings.judging_timeout)) as judging,  # starts while the rest does
        Ledger(settings.ledger_file, make_place(settings), partial(read_operator, settings.access)) as ledger,
        closing(outputs),
        closing(HourlyPruning(settings)) as pruning,
    ):
        state = _open_state(ledger, settings, {*list_alarms(settings), *outputs.alarms})
        with _telling_state(state):
            wish = StopWish(settings.records)  # from now on: it takes a while until judging is there
            make_folders(settings.capture)
            judge = judging.open()
            judge.is_over = lambda: is_over() or wish.is_there()
            seen = partial(has_seen, settings.ledger_file)
            with closing(open_capture(settings, ledger.is_settled, judge.find_troubles, seen)) as capture:
                _record_start(ledger, settings, judge.by)
                gate = Gate(ledger.engine, settings, judge.by.sha256)
                read_scores = partial(read_held_out, settings.model, judge.by.sha256)
                watch = Watch(ledger, judge, state, settings, read_scores)
                tend = Beside(gate, outputs, pruning, state).tend
                station = Station(
                    settings.capture, ledger, judge, capture, state, tend, gate.find_obstacle, watch
                )
                going = translate("Judging what comes into {path}.", path=settings.capture.folder)
                say(gate.find_obstacle() or going)
                _run_until_wished(station, ledger, wish, judge.is_over)


def _open_state(ledger: Ledger, settings: StationSettings, alarms: Container[str]) -> StateFile:
    """Return the state of a station that starts, with the alarms it has by then."""
    state = StateFile(settings.state_file, ledger.record_alarm, ledger.read_end)
    restore_alarms(ledger, state, alarms)
    look_for_cut(ledger, state, settings)
    return state


@contextmanager
def _telling_state(state: StateFile) -> Iterator[None]:
    """Say that the station starts, and at the end whether it stopped or something went wrong."""
    state.write_state(STARTING, {})
    ended = ERROR
    try:
        yield
        ended = STOPPED
    finally:
        state.write_state(ended, {})


def _run_until_wished(station: Station, ledger: Ledger, wish: StopWish, is_over: Callable[[], bool]) -> None:
    """Work until it is over, or somebody wishes the station to stop, which is recorded."""
    station.run_until(is_over)
    if wish.who:
        ledger.add_audit(AuditEntry("stop", after=ledger.place.station, who=wish.who))


@dataclass(frozen=True)
class Beside:
    """What works beside judging: outputs, while they are those that were approved, and pruning."""

    gate: Gate
    outputs: Outputs
    pruning: HourlyPruning
    state: StateFile

    def tend(self) -> dict[str, Any]:
        """Look after it, and return what the state says of it."""
        self.state.set_alarm("pruning", self.pruning.trouble)
        if self.gate.may_send():
            return self.outputs.tend(self.state)
        if self.outputs.are_running:
            self.state.write_state(LOCKED, {})  # they say so to the other side when they end
        self.outputs.close()
        return {"outputs": {}}


def list_alarms(settings: StationSettings) -> Iterator[str]:
    """Yield the names of the alarms that a station with these settings sees to, but for those of outputs."""
    yield from ("backlog", "capture", "judging", LOCKED, "moving", "pruning", "records")
    yield from (*WARNINGS, FIRST_SCORES)
    if settings.camera is not None:
        yield from ("camera", "no_picture", "taken", "trigger")
    if settings.challenge is not None:
        yield WANTED


def restore_alarms(ledger: Ledger, state: StateFile, names: Container[str]) -> None:
    """Let alarms of an earlier process be on until what they are of is well; end those nobody sees to now.

    Such are those of a camera that was taken away, and what was found at the start.

    Parameters
    ----------
    names : of the alarms that this process sees to
    """
    for name, text in list_active_alarms(ledger.engine).items():
        state.restore_alarm(name, text)
        if name not in names:
            state.set_alarm(name, "")


def look_for_cut(ledger: Ledger, state: StateFile, settings: StationSettings) -> None:
    """Record, and alarm, that rows are missing at the end of the records: those the state last knew of."""
    known = read_known_end(settings.state_file)
    if not known[0] or ledger.has_link(*known):
        return
    before, after = (f"{number} {its_hash}" for number, its_hash in (known, ledger.read_end()))
    why = keep("the records end before what the state knew of")
    ledger.add_audit(AuditEntry(CUT, before, after, why, getpass.getuser()))
    if not is_first_start(ledger.engine):
        lock_station(ledger.engine, why)
    state.set_alarm(CUT, translate("The records were cut off at their end: see station verify."))


def make_folders(settings: FolderSettings) -> None:
    """Make the folders that judged pictures go to; UserError where they cannot be, or nothing can arrive."""
    if not settings.folder.is_dir() and settings.kind == FOLDER:
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


def _record_start(ledger: Ledger, settings: StationSettings, by: JudgedBy) -> None:
    """Record that the station begins, and what is not as it was when it began last."""
    who = getpass.getuser()
    for what, now in (
        ("settings", settings.sha256),
        ("model", by.sha256),
        ("threshold", repr(by.threshold)),
    ):
        before = ledger.find_last_audit(what)
        if before != now:
            ledger.add_audit(AuditEntry(what, before or "", now, keep("changed before the start"), who))
    ledger.add_audit(AuditEntry("start", after=settings.station, who=who))
