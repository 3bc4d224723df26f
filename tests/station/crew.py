"""The people of a station for tests, and the real commands as they would give them."""

import json
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

from typer.testing import CliRunner

from anomaly_gui.cli.app import app
from anomaly_gui.detection.model.model_file import digest_model, open_model, save_model
from anomaly_gui.errors import UserError
from anomaly_gui.station.access.managing import Newcomer, add_first_admin, add_person
from anomaly_gui.station.access.roles import Role
from anomaly_gui.station.ledger.engine import open_engine

PASSWORDS = {"ann": "admin-word", "eve": "engineer-word", "oli": "operator-word"}
ROLES = {"ann": Role.ADMIN, "eve": Role.ENGINEER, "oli": Role.OPERATOR}


@dataclass(frozen=True)
class Told:
    """How a command ended: `error` is the sentence of what was refused, "" where it was done."""

    output: str
    error: str


def call(line, *words, given=()):
    """Give a command of a station; `given` are the passwords, a line each."""
    name, *rest = words[0].split()
    command = [name, *rest, str(line.file), *map(str, words[1:])]
    read = "".join(f"{one}\n" for one in given)
    done = CliRunner().invoke(app, ["station", *command], input=read)
    if done.exception is not None and not isinstance(done.exception, UserError | SystemExit):
        raise done.exception
    assert (done.exit_code == 0) == (done.exception is None), done.output
    return Told(done.output, "" if done.exception is None else str(done.exception))


def sign(line, who, *words, given=()):
    """Give a command that somebody signs for."""
    as_who = ("--as", who, "--password-stdin")
    return call(line, *words, *as_who, given=(PASSWORDS[who], *given))


@contextmanager
def opened(line):
    engine = open_engine(line.ledger)
    try:
        yield engine
    finally:
        engine.dispose()


def add_crew(engine):
    for name, role in ROLES.items():
        newcomer = Newcomer(name, role, PASSWORDS[name])
        if name == "ann":
            add_first_admin(engine, newcomer)
        else:
            add_person(engine, newcomer, "ann", "they work here")


def write_report(path, model, **changed):
    """Write what `evaluate` writes of a model, as far as it counts here."""
    said = {"model_sha256": digest_model(model), "false_alarm_rate": 0.01, **changed}
    path.write_text(json.dumps(said), "utf-8")
    return path


def release(line, model, who="eve"):
    report = write_report(line.folder / "report.json", model)
    return sign(line, who, "release", model, "--report", report, "--why", "validated")


def approve(line, who="eve"):
    return sign(line, who, "approve", "--why", "as agreed")


def edit(line, statement, *values):
    """Change the ledger by hand."""
    with closing(sqlite3.connect(line.ledger, timeout=20)) as connection:
        connection.execute(statement, values)
        connection.commit()


def move_threshold(line):
    """Write the model anew with a threshold of which every part is good, as the window does."""
    path = line.folder / "part.anomaly"
    model = open_model(path)
    save_model(replace(model, threshold=replace(model.threshold, value=-1e9)), path)
