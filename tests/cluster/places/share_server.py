"""A real Samba on loopback that shares a folder, by name and password."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from contextlib import suppress

import pytest

PASSWORD = "a made-up secret"
SMBD = shutil.which("smbd") or shutil.which("smbd", path="/usr/sbin:/usr/local/sbin")
needs_samba = pytest.mark.skipif(
    SMBD is None or os.geteuid() != 0, reason="Samba is not installed, or not root: apt-get install samba"
)


class ShareServer:
    """Shares `folder` as `parts`; what it keeps for itself goes into `own`."""

    def __init__(self, folder, own):
        self.port, self.user = find_port(), getpass.getuser()
        self._process = None
        for name in ("pid", "lock", "state", "cache", "private"):
            (own / name).mkdir(parents=True)
        (own / "private" / "msg.sock").mkdir(mode=0o700)
        self._file = own / "smb.conf"
        self._file.write_text(
            "\n".join(
                [
                    "[global]",
                    "server role = standalone server",
                    f"smb ports = {self.port}",
                    "interfaces = 127.0.0.1/8",
                    "bind interfaces only = yes",
                    "disable spoolss = yes",
                    "disable netbios = yes",
                    f"log file = {own}/log",
                    f"ncalrpc dir = {own}/ncalrpc",
                    f"passdb backend = tdbsam:{own}/private/passdb.tdb",
                    *(f"{name} directory = {own / name}" for name in ("pid", "lock", "state", "cache")),
                    f"private dir = {own}/private",
                    "[parts]",
                    f"path = {folder}",
                    "read only = no",
                ]
            )
            + "\n"
        )
        subprocess.run(
            ["smbpasswd", "-c", self._file, "-L", "-s", "-a", self.user],
            input=f"{PASSWORD}\n{PASSWORD}\n",
            text=True,
            check=True,
            capture_output=True,
        )

    def start(self):
        self._process = subprocess.Popen(
            [SMBD, "--foreground", "--no-process-group", f"--configfile={self._file}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + 30
        while not is_listening(self.port):
            assert self._process.poll() is None, "smbd has ended"
            assert time.monotonic() < until, "smbd does not listen"
            time.sleep(0.05)
        return self

    def stop(self):
        """End it with all its connections."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, 9)
            self._process.wait(10)
        self._process = None


def find_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
