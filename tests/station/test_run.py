"""The real command: writers in other processes, kill -9, a second one, signals, and what is said of it."""

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from line import VERDICTS, make_line, save_picture, start_command, wait_until
from shop import count_left, work_until
from typer.testing import CliRunner

from anomaly_gui.cli.app import app
from anomaly_gui.station.ledger.engine import open_engine
from anomaly_gui.station.ledger.verifying import verify_ledger

WRITERS = Path(__file__).with_name("writers.py")
RESTART = 5  # seconds, on a machine that has nothing else to do


def _start_writer(line, name, count, seed, pause=0.05):
    command = [sys.executable, WRITERS, line.incoming, name, count, seed, pause]
    return subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)


def _end(process):
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0, output
    return output


def _wait_for_all(line, count):
    wait_until(lambda: line.ledger.exists() and _count_moved(line) >= count, 60)
    wait_until(lambda: not [name for name in line.list_files() if "/" not in name], 60)


def _count_moved(line):
    (tables,) = line.ask("SELECT COUNT(*) FROM sqlite_master WHERE name = 'step'")[0]
    return line.ask("SELECT COUNT(*) FROM step WHERE step = 'MOVED'")[0][0] if tables else 0


def check_in_is_out(line, digests, copies):
    """Hold what was written against the records and the folders."""
    results = line.ask("SELECT image_sha256, verdict, image_path FROM result ORDER BY seq")
    assert sorted(digest for digest, _, _ in results) == sorted(digests)
    assert {verdict for _, verdict, _ in results} <= {"good", "defect"}
    assert all(Path(path).is_file() and Path(path).parent.name == verdict for _, verdict, path in results)
    assert len(line.list_files()) == len(digests) + copies
    assert line.ask("SELECT COUNT(DISTINCT before) FROM audit WHERE what = 'copy'") == [(copies,)]
    engine = open_engine(line.ledger)
    assert verify_ledger(engine).faults == []
    engine.dispose()


def test_two_writers_of_bad_manners_and_an_end_at_random_moments(line):
    """Killed by signal 9 four times while pictures come; then what came in is what went out."""
    chosen = random.Random(4)
    writers = [_start_writer(line, name, 24, seed, 0.3) for seed, name in enumerate(("left", "right"))]
    for _ in range(4):
        process = start_command("run", line.file)
        process.stdout.readline()  # it judges
        time.sleep(chosen.random() * 0.5)
        process.kill()
        process.wait()
        process.stdout.close()
    digests = [digest for writer in writers for digest in writer.communicate(timeout=60)[0].split()]
    process = start_command("run", line.file)
    _wait_for_all(line, len(digests))
    _end(process)
    check_in_is_out(line, digests, copies=8)


def test_what_the_commands_say_of_it(tmp_path, model_file):
    line = make_line(tmp_path, model_file, more='[outputs.table]\nkind = "csv"\npath = "sent.csv"\n')
    for number in range(3):
        save_picture(line.incoming / f"cap_{number}.png", defect=number == 1, seed=number)
    checked = CliRunner().invoke(app, ["station", "check", str(line.file)])
    assert (checked.exit_code, checked.output.count("well")) == (0, 6), checked.output
    process = start_command("run", line.file)
    _wait_for_all(line, 3)
    wait_until(lambda: line.ask("SELECT COUNT(*) FROM outbox WHERE state = 'ACKED'") == [(3,)])
    assert (tmp_path / "sent.csv").read_text("utf-8-sig").count("\n") == 4
    second = start_command("run", line.file)
    assert "runs already" in second.communicate(timeout=60)[0]
    assert second.returncode == 2
    assert "Judging what comes into" in _end(process)
    state = json.loads((tmp_path / "records" / "state.json").read_text("utf-8"))
    assert (state["state"], state["alarms"]) == ("stopped", [])
    shown = CliRunner().invoke(app, ["station", "show", str(line.file), "--last", "2"]).output
    assert "good: 2, defect: 1, not sure: 0, cannot judge: 0, error: 0." in shown
    assert "cap_2" in shown
    assert "cap_0" not in shown
    assert "3 results and 4 entries" in CliRunner().invoke(app, ["station", "verify", str(line.file)]).output
    table = tmp_path / "all.csv"
    assert (
        "3 results"
        in CliRunner().invoke(app, ["station", "export", str(line.file), "--csv", str(table)]).output
    )
    assert table.read_text("utf-8-sig").count("\n") == 4
    assert {path.name for path in line.incoming.iterdir()} >= {*VERDICTS, "bad", "duplicate"}


def test_a_station_that_would_not_work_says_why(line, tmp_path):
    (tmp_path / "line1.toml").write_text(line.file.read_text("utf-8").replace('"in"', '"nowhere"'), "utf-8")
    checked = CliRunner().invoke(app, ["station", "check", str(line.file)])
    assert checked.exit_code != 0
    assert "fault  " in checked.output
    assert "nowhere" in checked.output


def test_a_changed_record_is_found_by_the_command(line, judge):
    save_picture(line.incoming / "cap_1.png")
    work_until(line, judge, lambda: count_left(line) == 0 and _count_moved(line) == 1)
    with sqlite3.connect(line.ledger) as changed:
        changed.execute("UPDATE result SET verdict = 'defect', score = -9")
    changed.close()
    verified = CliRunner().invoke(app, ["station", "verify", str(line.file)])
    assert "was changed" in verified.output
    assert verified.exit_code != 0
