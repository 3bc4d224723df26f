"""Results are written by one run at a time: a second one is told who has them.

The claim on FILE is a lock of the system's on .FILE.lock beside it, which ends with its process, however
that ends. What is in it says who has it. Where a drive knows no locks, that alone decides.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import sys
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.paths import is_special
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_NAME = 200  # bytes: with what is added they still fit a file's name
_BEYOND = 1 << 20  # where Windows locks: what is before can be read by others
_TRIES = 10


@dataclass(frozen=True)
class _Owner:
    """Who works on a file; `began` is when the process did, since numbers of processes are used again."""

    process: int
    began: float
    machine: str
    since: str

    @classmethod
    def of_this_process(cls) -> _Owner:
        began = psutil.Process().create_time()
        return cls(
            os.getpid(), began, socket.gethostname(), datetime.now().astimezone().isoformat(" ", "seconds")
        )

    def may_be_alive(self) -> bool:
        """Tell whether the process is still there, as far as can be told; always so on another machine."""
        if self.machine != socket.gethostname():
            return True
        try:
            return bool(abs(psutil.Process(self.process).create_time() - self.began) < 1)
        except psutil.Error:
            return False


@contextmanager
def claim_files(*files: Path | None) -> Iterator[None]:
    """Have files to oneself; UserError where another run has one of them. Nothing else is touched then."""
    with ExitStack() as stack:
        for file in files:
            if file is not None and not is_special(file):
                stack.enter_context(_claim_file(file))
        yield


@contextmanager
def _claim_file(file: Path) -> Iterator[None]:
    lock = _lock_path(Path(os.path.realpath(file)))
    number = _take_lock(lock, file)
    try:
        _write_owner(number)
        yield
    finally:
        _give_up_lock(lock, number)


def _give_up_lock(lock: Path, number: int) -> None:
    """Delete the lock file while it is locked, so that no other run's is deleted; Windows allows it after."""
    with suppress(OSError):
        if sys.platform != "win32":
            lock.unlink(missing_ok=True)
        os.close(number)
        if sys.platform == "win32":
            lock.unlink(missing_ok=True)


def _lock_path(target: Path) -> Path:
    name = target.name
    if len(os.fsencode(name)) > _LONGEST_NAME:
        name = hashlib.sha256(os.fsencode(name)).hexdigest()
    return target.with_name(f".{name}.lock")


def _take_lock(lock: Path, file: Path) -> int:
    """Return the open lock file; UserError where another run has it."""
    for _ in range(_TRIES):
        number = _open_lock(lock, file)
        try:
            is_held = _lock_open_file(number)
        except BlockingIOError:
            owner = _read_owner(number)
            os.close(number)
            raise _make_refusal(file, owner) from None
        owner = None if is_held else _read_owner(number)
        if owner is not None and owner.may_be_alive():
            os.close(number)
            raise _make_refusal(file, owner, lock)
        if _is_still_that_file(lock, number):
            return number
        os.close(number)  # who had it took it away between our opening and our locking
    raise UserError(
        translate("{file} is being written by other runs all the time: choose another file.", file=file)
    )


def _open_lock(lock: Path, file: Path) -> int:
    try:
        return os.open(lock, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    except OSError as error:
        raise UserError(
            translate(
                "{file} cannot be written ({why}): choose another place.",
                file=file,
                why=explain_os_error(error),
            )
        ) from error


def _is_still_that_file(lock: Path, number: int) -> bool:
    try:
        return os.path.samestat(lock.stat(), os.fstat(number))
    except OSError:
        return False


def _lock_open_file(number: int) -> bool:
    """Lock an open file; False where its drive knows no locks, BlockingIOError where another has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(number, _BEYOND, os.SEEK_SET)
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError) as error:
        raise BlockingIOError from error
    except OSError:
        return False
    return True


def _write_owner(number: int) -> None:
    with suppress(OSError):  # a full disk: the lock holds all the same
        os.lseek(number, 0, os.SEEK_SET)
        os.ftruncate(number, 0)
        os.write(number, json.dumps(asdict(_Owner.of_this_process())).encode())


def _read_owner(number: int) -> _Owner | None:
    try:
        os.lseek(number, 0, os.SEEK_SET)
        return _Owner(**json.loads(os.read(number, 4096)))
    except (OSError, ValueError, TypeError):  # nothing there yet, or not ours
        return None


def _make_refusal(file: Path, owner: _Owner | None, lock: Path | None = None) -> UserError:
    who = translate("another run")
    if owner is not None:
        who = translate(
            "process {process} on {machine}, since {since}",
            process=owner.process,
            machine=owner.machine,
            since=owner.since,
        )
    if lock is None:
        return UserError(
            translate(
                "{file} is being written by {who}: wait for it or end it, or choose another file.",
                file=file,
                who=who,
            )
        )
    return UserError(
        translate(
            "{file} is being written by {who}: wait for it or end it, or choose another file, or delete "
            "{lock} if that run is no longer there.",
            file=file,
            who=who,
            lock=lock,
        )
    )
