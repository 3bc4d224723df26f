"""An operator moves no threshold, and changes no model, region or output, by any way that is offered."""

import json

import pytest
import typer
from crew import PASSWORDS, ROLES, approve, call, edit, move_threshold, opened, release, sign, write_report

from anomaly_gui.cli.app import app
from anomaly_gui.detection.model.model_file import digest_model
from anomaly_gui.station.access.approvals import find_obstacle
from anomaly_gui.station.access.history import read_history
from anomaly_gui.station.access.station_lock import lock_station
from anomaly_gui.station.settings.reading import read_settings

CHANGES = {
    "approve": ("--why", "w"),
    "release": ("part.anomaly", "--report", "report.json", "--why", "w"),
    "unlock": ("--why", "w"),
    "drift": ("--anew", "--why", "w"),
    "people add": ("new", "--role", "admin", "--why", "w"),
    "people remove": ("eve", "--why", "w"),
    "people role": ("oli", "admin", "--why", "w"),
    "people password": ("eve", "--why", "w"),
    "people unlock": ("oli", "--why", "w"),
}
READS = {
    *("run", "check", "show", "verify", "export", "sign-in", "sign-out", "people list"),
    *("challenge", "study plan", "study report", "trigger", "scan", "prune", "plant"),
}
"""Commands that change nothing that judges: each new command has to be put into one of the two."""


def _list_commands(group, before=""):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _list_commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_every_command_of_the_station_is_one_of_these():
    station = typer.main.get_command(app).commands["station"]
    assert set(_list_commands(station)) == CHANGES.keys() | READS


def test_pictures_are_removed_by_approved_settings_only(released):
    with released.file.open("a") as file:
        file.write("\n[keep]\ndays = 30\n")
    error = call(released, "prune").error
    assert "is not as it was approved" in error
    assert approve(released).error == ""
    assert call(released, "prune").error == ""


@pytest.fixture
def place(released, monkeypatch):
    monkeypatch.chdir(released.folder)
    return released


@pytest.mark.parametrize("command", CHANGES)
@pytest.mark.parametrize("way", ["named", "signed in", "nobody"])
def test_no_command_changes_anything_for_an_operator(place, command, way):
    call(place, "sign-out")
    if way == "signed in":
        assert call(place, "sign-in", "oli", "--password-stdin", given=[PASSWORDS["oli"]]).error == ""
    before = place.ask("SELECT COUNT(*) FROM audit"), place.ask("SELECT * FROM person")
    words = (command, *CHANGES[command])
    # another's password needs that one, which "people password" asks for first where nobody else signs
    given = ("not-his-word", "another-word")
    if way == "named":
        error = sign(place, "oli", *words, given=given).error
    else:
        error = call(place, *words, "--password-stdin", given=given).error
    assert error
    rows = place.ask("SELECT COUNT(*) FROM audit"), place.ask("SELECT * FROM person WHERE name != 'eve'")
    assert rows[1] == [row for row in before[1] if row[0] != "eve"]
    if command != "people password":  # there a wrong password is counted
        assert rows[0] == before[0]
    assert place.ask("SELECT role, is_active FROM person ORDER BY name") == [
        (ROLES[name].value, 1) for name in sorted(ROLES)
    ]


@pytest.mark.parametrize("command", CHANGES)
def test_an_engineer_or_admin_may(place, command):
    """The same words do it for somebody else: what refuses is the role."""
    write_report(place.folder / "report.json", place.folder / "part.anomaly")
    if command == "unlock":
        with opened(place) as engine:
            lock_station(engine, "the challenge failed")
    if command == "people unlock":
        for _ in range(5):
            call(place, "sign-in", "oli", "--password-stdin", given=["wrong-word"])
    assert sign(place, "ann", command, *CHANGES[command], given=["another-word"]).error == ""


def _find_obstacle(line):
    settings = read_settings(line.file)
    with opened(line) as engine, engine.connect() as connection:
        return find_obstacle(read_history(connection), settings, digest_model(settings.model))


def test_what_was_approved_may_judge(place):
    assert _find_obstacle(place) == ""
    assert "eve approved the settings and the model" in call(place, "check").output


@pytest.mark.parametrize(
    "old_and_new", [("patience = 1", "patience = 2"), ("\n[judging]", "\n# x\n[judging]")]
)
def test_edited_settings_lock(place, old_and_new):
    text = place.file.read_text("utf-8")
    place.file.write_text(text.replace(*old_and_new), "utf-8")
    assert "is not as it was approved" in _find_obstacle(place)
    assert "is not as it was approved" in call(place, "check").output
    place.file.write_text(text, "utf-8")
    assert _find_obstacle(place) == ""


def test_a_moved_threshold_locks_until_it_is_validated_released_and_approved(place):
    report = place.folder / "report.json"
    move_threshold(place)
    assert "is not the model that was approved" in _find_obstacle(place)
    assert "was not released" in approve(place).error
    stale = sign(place, "eve", "release", "part.anomaly", "--report", report, "--why", "w").error
    assert "validation report of another model" in stale
    assert release(place, place.folder / "part.anomaly").error == ""
    assert "is not the model that was approved" in _find_obstacle(place)
    assert "model, threshold." in approve(place).output
    assert _find_obstacle(place) == ""
    before, after = map(json.loads, place.ask("SELECT before, after FROM audit WHERE what='approved'")[-1])
    assert (before["threshold"] != after["threshold"], after["threshold"]) == (True, "-1000000000.0")


def test_a_report_is_kept_with_its_digest(place, tmp_path):
    said = json.loads(place.ask("SELECT after FROM audit WHERE what = 'released'")[0][0])
    kept = place.folder / "records" / "reports" / f"{said['report']}.json"
    assert json.loads(kept.read_text("utf-8"))["model_sha256"] == said["model"]
    assert said["is_of_model"] is True
    (tmp_path / "r.pdf").write_bytes(b"%PDF-1.4 a report")
    told = sign(place, "eve", "release", "part.anomaly", "--report", tmp_path / "r.pdf", "--why", "w").output
    assert "was not checked" in told
    for content in (b"a picture", b"{}", b"[1]", b'{"model_sha256": "x"}'):
        (tmp_path / "r.pdf").write_bytes(content)
        bad = sign(place, "eve", "release", "part.anomaly", "--report", tmp_path / "r.pdf", "--why", "w")
        assert "is no validation report" in bad.error


def test_a_table_of_people_that_was_emptied_opens_nothing(place):
    edit(place, "DELETE FROM person")
    said = call(place, "people add", "oli", "--role", "admin", "--password-stdin", given=["operator-word"])
    assert "Nobody is signed in" in said.error
    move_threshold(place)
    assert "is not the model that was approved" in _find_obstacle(place)
    assert "The row of ann among the people" in call(place, "verify").output
