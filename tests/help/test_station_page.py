"""The pages on the station: their files can be used, and their lists have all there is."""

import re
from pathlib import Path

import pytest

import anomaly_gui.station
from anomaly_gui.paths import resource
from anomaly_gui.station.access.history import APPROVED, LOCK, RELEASED
from anomaly_gui.station.access.people import PERSON_CHANGED
from anomaly_gui.station.access.sessions import SIGN_IN, SIGN_OUT
from anomaly_gui.station.access.signing import REFUSED
from anomaly_gui.station.ledger.audit_reading import ALARM
from anomaly_gui.station.ledger.linking import CUT
from anomaly_gui.station.run import list_alarms
from anomaly_gui.station.sending import make_jobs
from anomaly_gui.station.settings.reading import read_settings
from anomaly_gui.station.watching.challenge_records import ASKED, BEGUN, FAILED, PASSED
from anomaly_gui.station.watching.drift import FIRST_SCORES
from anomaly_gui.station.watching.drift_records import ANEW

PAGES = sorted(resource("help").glob("station*.md"))
PAGE = resource("help", "station.md").read_text("utf-8")
CODE = re.compile(r"`([^`]+)`")
NEEDED = {
    "station": 'site = "Plant 1"\nline = "Line 1"\nname = "Cell 1"',
    "capture": 'folder = "incoming"',
    "judging": 'model = "caps.anomaly"',
}


def list_files(page):
    """Return what a page shows of a line's file, each piece by itself."""
    blocks = re.findall(r"(?:^ {4}.*\n|^\n(?= {4}))+", page.read_text("utf-8"), re.MULTILINE)
    pieces = [re.sub(r"^ {4}", "", block, flags=re.MULTILINE).strip() for block in blocks]
    return [piece for piece in pieces if re.match(r"\[[a-z.]+\]\n", piece)]


FILES = [(page, piece) for page in PAGES for piece in list_files(page)]


def read_piece(folder, piece):
    """Read a piece, with the tables that every file has to have, where it lacks them."""
    for name in ("ca.pem", "secrets/mqtt.txt", "secrets/postgresql.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("secret\n", "utf-8")
    lacking = [f"[{name}]\n{keys}" for name, keys in NEEDED.items() if f"[{name}]\n" not in f"{piece}\n"]
    file = folder / "line1.toml"
    file.write_text("\n\n".join([piece, *lacking]), "utf-8")
    return read_settings(file)


def list_first_cells(page, heading):
    """Return the words in the first column of the table below a line."""
    rows = page.split(heading)[1].split("| --- |", 1)[1].split("\n\n")[0].splitlines()[1:]
    return {code for row in rows for code in CODE.findall(row.split(" | ")[0])}


def test_pages_show_files_of_lines():
    assert len(FILES) >= 9
    assert {page.stem for page, _ in FILES} >= {"station", "station_cameras", "station_outputs"}


@pytest.mark.parametrize(("page", "piece"), FILES, ids=lambda value: getattr(value, "stem", "piece"))
def test_files_of_lines_can_be_used(page, piece, tmp_path):
    settings = read_piece(tmp_path, piece)
    assert len(list(make_jobs(settings))) == piece.count("[outputs.")


def test_the_first_file_is_all_that_is_needed(tmp_path):
    first = list_files(resource("help", "station.md"))[0]
    assert set(re.findall(r"^\[(\w+)\]", first, re.MULTILINE)) == set(NEEDED)
    settings = read_piece(tmp_path, first)
    assert settings.capture.judged == settings.capture.folder
    assert settings.records == tmp_path / "records"


def test_every_alarm_is_in_the_list(tmp_path):
    folder = 'folder = "shown"'
    piece = f'[capture]\nkind = "camera"\n[camera]\nkind = "simulated"\n{folder}\n[challenge]'
    alarms = {*list_alarms(read_piece(tmp_path, piece)), CUT, "output NAME"}
    told = list_first_cells(PAGE, "with a heartbeat and the alarms:")
    assert told == alarms


def test_every_kind_of_entry_is_in_the_list():
    sources = "".join(
        path.read_text("utf-8") for path in Path(anomaly_gui.station.__file__).parent.rglob("*.py")
    )
    literal = set(re.findall(r'AuditEntry\(\s*"([^"]+)"', sources))
    assert literal >= {"start", "stop", "copy", "gone", "prune", ALARM}
    named = {APPROVED, LOCK, RELEASED, PERSON_CHANGED, SIGN_IN, SIGN_OUT, REFUSED, CUT}
    named |= {ASKED, BEGUN, PASSED, FAILED, FIRST_SCORES, ANEW, "settings", "model", "threshold"}
    assert list_first_cells(PAGE, "### What the audit has") == literal | named
