"""A real PostgreSQL of its own, on loopback, in a folder that goes with it."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest

PASSWORD = "s3cret word"
_USERS = ("postgres", "nobody")
"""Whom it runs as where the tests run as root, which it refuses."""


def find_program(name):
    """Return the path of a program of PostgreSQL; Debian keeps the newest of them out of the PATH."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return shutil.which(name) or (str(kept[-1]) if kept else None)


INITDB = find_program("initdb")
needs_postgresql = pytest.mark.skipif(
    INITDB is None or os.name == "nt", reason="PostgreSQL is not installed: apt-get install postgresql"
)


def _find_user():
    """Return who is not root: a name, or None for who runs the tests."""
    if os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _USERS if name in known)


class Server:
    """A cluster with a database `plant` and a user `station` that has a password."""

    def __init__(self):
        self._folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
        self._data, self._user = self._folder / "data", _find_user()
        self.port = _find_free_port()
        self._process = None
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        secret = self._folder / "password"
        secret.write_text(PASSWORD, "utf-8")
        secret.chmod(0o644)
        by_password = ("-U", "station", "-A", "scram-sha-256", "--pwfile", secret)
        self._run(INITDB, "-D", self._data, "-E", "UTF8", *by_password)
        self.start()
        with closing(self.connect("postgres")) as connection:
            connection.execute("CREATE DATABASE plant")

    def _run(self, *command):
        ran = subprocess.run(
            list(map(str, command)), user=self._user, capture_output=True, text=True, cwd=self._folder
        )
        assert ran.returncode == 0, ran.stderr

    @property
    def url(self):
        return f"postgresql://station@127.0.0.1:{self.port}/plant"

    @property
    def number(self):
        """The id of its first process."""
        return self._process.pid

    def connect(self, database="plant"):
        who = {"user": "station", "password": PASSWORD}
        return psycopg.connect(host="127.0.0.1", port=self.port, dbname=database, autocommit=True, **who)

    def ask(self, question):
        with closing(self.connect()) as connection:
            return connection.execute(question).fetchall()

    def start(self):
        command = [
            find_program("postgres"),
            "-D",
            self._data,
            "-p",
            self.port,
            "-c",
            "listen_addresses=127.0.0.1",
        ]
        command += ["-c", f"unix_socket_directories={self._folder}", "-c", "max_connections=30"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                list(map(str, command)), user=self._user, stdout=log, stderr=log, cwd=self._folder
            )
        end = time.monotonic() + 60
        while True:
            with suppress(psycopg.OperationalError):
                self.connect("postgres").close()
                return
            assert self._process.poll() is None, (self._folder / "log").read_text("utf-8", "replace")
            assert time.monotonic() < end, "PostgreSQL does not answer"
            time.sleep(0.05)

    def start_if_stopped(self):
        if self._process is None:
            self.start()

    def stop(self, *, by_force=False):
        """End it in good order, or as kill -9 does: its processes all together."""
        if self._process is None:
            return
        if by_force:
            import psutil

            for one in [*psutil.Process(self._process.pid).children(recursive=True), self._process]:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
        else:
            self._process.send_signal(signal.SIGINT)
        self._process.wait(60)
        self._process = None
        if by_force:
            time.sleep(0.3)  # until the system has taken back what it held

    def empty(self):
        with closing(self.connect()) as connection:
            connection.execute("DROP SCHEMA IF EXISTS anomaly CASCADE")

    def close(self):
        self.stop(by_force=True)
        shutil.rmtree(self._folder, ignore_errors=True)


def _find_free_port():
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
