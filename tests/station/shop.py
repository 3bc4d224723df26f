"""A station inside the test's own process, that faults and ends can be put into anywhere."""

from contextlib import closing, contextmanager, suppress

from anomaly_gui.station import files
from anomaly_gui.station.capture.folder import FolderCapture
from anomaly_gui.station.ledger.ledger import Ledger
from anomaly_gui.station.run import make_folders
from anomaly_gui.station.sending import make_place
from anomaly_gui.station.settings.reading import read_settings
from anomaly_gui.station.state_file import StateFile
from anomaly_gui.station.station import Station

FUNCTIONS = ("read_whole", "sync_file", "sync_folder", "rename_file")


class EndOfProcess(BaseException):
    """Stands for kill -9: nothing of the station catches it."""


@contextmanager
def opened_station(line, judge):
    """Yield a station of a line, and its capture."""
    settings = read_settings(line.file)
    make_folders(settings.capture)
    with (
        Ledger(settings.ledger_file, make_place(settings)) as ledger,
        closing(FolderCapture(settings.capture, ledger.is_settled, judge.find_troubles)) as capture,
    ):
        state = StateFile(settings.state_file, ledger.record_alarm, ledger.read_end)
        station = Station(settings.capture, ledger, judge, capture, state)
        yield station, ledger, capture


def work_until(line, judge, is_over):
    with opened_station(line, judge) as (station, _, _):
        station.run_until(is_over)


class Faults:
    """Counts calls of what touches the disk, and lets one of them fail, before or after it was done.

    Parameters
    ----------
    at : the number of the call; None: none fails
    error : what is raised
    times : how many in a row fail
    """

    def __init__(self, monkeypatch, error, at=None, times=1, *, afterwards=False):
        self.calls, self.failed = 0, 0
        self._at, self._error, self._times, self._afterwards = at, error, times, afterwards
        for name in FUNCTIONS:
            monkeypatch.setattr(files, name, self._wrap(getattr(files, name)))
        for name in ("see_pictures", "record_judged", "mark_moved", "add_audit", "note_path"):
            monkeypatch.setattr(Ledger, name, self._wrap(getattr(Ledger, name), of_ledger=True))

    def _wrap(self, function, *, of_ledger=False):
        def call(*arguments, **options):
            self.calls += 1
            fails = self._at is not None and self._at <= self.calls < self._at + self._times
            if fails and not self._afterwards:
                self._fail(of_ledger)
            done = function(*arguments, **options)
            if fails and self._afterwards:
                self._fail(of_ledger)
            return done

        return call

    def _fail(self, of_ledger):
        self.failed += 1
        raise self._error(of_ledger)


def run_to_end(line, judge, is_over):
    """Work as a process that may end anywhere."""
    with suppress(EndOfProcess):
        work_until(line, judge, is_over)


def count_left(line):
    return sum(path.is_file() and not path.name.startswith(".") for path in line.incoming.iterdir())
