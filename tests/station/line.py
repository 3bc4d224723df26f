"""A station in a folder of its own, with a real model, for the tests that run one."""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[2]
TOML = """
[station]
site = "Plant 1"
line = "Line 1"
name = "Cell 1"

[capture]
folder = "in"
every = 0.1
patience = 1
name_rule = '^(?P<part>[a-z]+_\\d+)'
{capture}

[judging]
model = "{model}"
"""
VERDICTS = ("good", "defect", "unsure", "cannot_judge", "error")


@dataclass(frozen=True)
class Line:
    """The folder of a station; `file` holds its settings."""

    folder: Path

    @property
    def file(self):
        return self.folder / "line1.toml"

    @property
    def incoming(self):
        return self.folder / "in"

    @property
    def ledger(self):
        return self.folder / "records" / "ledger.sqlite3"

    def ask(self, question, **values):
        """Return the rows of a question to the records."""
        with closing(sqlite3.connect(self.ledger, timeout=20)) as connection:
            return connection.execute(question, values).fetchall()

    def count(self, table="result"):
        return self.ask(f"SELECT COUNT(*) FROM {table}")[0][0] if self.ledger.exists() else 0

    def list_files(self):
        """Return the pictures by the folder they are in, relative to where they came."""
        found = [path for path in self.incoming.rglob("*") if path.is_file()]
        return sorted(str(path.relative_to(self.incoming)) for path in found)


def make_line(folder, model, capture="", more=""):
    line = Line(folder)
    line.incoming.mkdir(parents=True)
    line.file.write_text(TOML.format(model=model, capture=capture) + more, "utf-8")
    return line


def start_command(*arguments, **options):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    command = [sys.executable, "-m", "anomaly_gui", "station", *map(str, arguments)]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
    )


def wait_until(is_so, seconds=30.0, every=0.02):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it took too long"
        time.sleep(every)


_FIRST_SEED = 1000
_seeds = [_FIRST_SEED]


def restart_seeds():
    """Let the next pictures be those that every test begins with: a few in a hundred are false alarms."""
    _seeds[0] = _FIRST_SEED


def _take_seed():
    _seeds[0] += 1
    return _seeds[0]


def make_picture(*, defect=False, seed=None):
    """Return pixels as `parts.save_parts` makes them."""
    random = np.random.default_rng(_take_seed() if seed is None else seed)
    pixels = random.normal(100, 12, (48, 48, 3)) + np.linspace(0, 80, 48)[:, None]
    if defect:
        pixels[10:40:2] = 255
    return pixels.clip(0, 255).astype(np.uint8)


def save_picture(path, **how):
    """Save a picture whole, under another name first."""
    part = path.with_name(f".{path.name}")
    Image.fromarray(make_picture(**how)).save(part, "PNG")
    part.rename(path)
    return path
