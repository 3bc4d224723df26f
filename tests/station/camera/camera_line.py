"""A station with a camera, in a folder of its own."""

from contextlib import closing, contextmanager
from functools import partial

from line import Line, make_picture
from PIL import Image
from shop import make_folders, make_place

from anomaly_gui.station.capture.camera import open_capture
from anomaly_gui.station.ledger.ledger import Ledger
from anomaly_gui.station.ledger.reading import has_seen
from anomaly_gui.station.settings.reading import read_settings
from anomaly_gui.station.state_file import StateFile
from anomaly_gui.station.station import Station

TOML = """
[station]
site = "Plant 1"
line = "Line 1"
name = "Cell 1"

[capture]
kind = "camera"
every = 0.1
patience = 1
{capture}

[camera]
{camera}

[judging]
model = "{model}"

{more}
"""
SIMULATED = 'kind = "simulated"\nfolder = "shown"\nrate = 50\nhold = 0.1\npicture_within = 5'


class CameraLine(Line):
    """The folder of a station with a camera; what it shows is in `shown`."""

    @property
    def incoming(self):
        return self.folder / "taken"

    @property
    def shown(self):
        return self.folder / "shown"

    @property
    def asked(self):
        return self.incoming / "asked"

    def count_moved(self):
        return self.ask("SELECT COUNT(*) FROM step WHERE step = 'MOVED'")[0][0]


def make_camera_line(folder, model="none.anomaly", more="", camera=SIMULATED, capture="", shown=3):
    line = CameraLine(folder)
    line.shown.mkdir()
    for number in range(shown):
        Image.fromarray(make_picture(seed=number)).save(line.shown / f"{number}.png")
    line.file.write_text(TOML.format(model=model, camera=camera, capture=capture, more=more), "utf-8")
    return line


@contextmanager
def opened_camera(line, judge):
    """Yield a station and its capture."""
    settings = read_settings(line.file)
    make_folders(settings.capture)
    seen = partial(has_seen, settings.ledger_file)
    with (
        Ledger(settings.ledger_file, make_place(settings)) as ledger,
        closing(open_capture(settings, ledger.is_settled, judge.find_troubles, seen)) as capture,
    ):
        state = StateFile(settings.state_file, ledger.record_alarm, ledger.read_end)
        yield Station(settings.capture, ledger, judge, capture, state), capture


def work_camera_until(line, judge, is_over):
    """Work until it is over, at most for half a minute."""
    import time

    end = time.monotonic() + 30
    with opened_camera(line, judge) as (station, _):
        station.run_until(lambda: is_over() or time.monotonic() > end)
    assert is_over(), line.ask("SELECT verdict, reason, source FROM result")
