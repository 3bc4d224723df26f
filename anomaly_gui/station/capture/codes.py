"""Part and lot by a code: scanned, or read from a picture in a process of its own that may fall over."""

from __future__ import annotations

import io
import re
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from PIL import Image

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station.capture.latch import Latch
from anomaly_gui.station.capture.notes import clean_name
from anomaly_gui.station.children import leave_signals_to_station, start_child

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

_LONGEST = 5.0  # seconds for one picture
_START = 30.0  # seconds for a process to begin
_BROKEN = (OSError, EOFError)


class CodeRule:
    """What a code says of a part.

    Parameters
    ----------
    pattern : has groups `part` and `lot`; "": all of the code is the part
    """

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(pattern) if pattern else None

    def read_code(self, code: str) -> tuple[str | None, str | None]:
        """Return part and lot.

        >>> CodeRule("").read_code("P7"), CodeRule("(?P<lot>L.*)/(?P<part>.*)").read_code("L1/7")
        (('P7', None), ('7', 'L1'))
        """
        if self._pattern is None:
            return clean_name(code), None
        found = self._pattern.search(code)
        named = found.groupdict() if found else {}
        return clean_name(named.get("part")), clean_name(named.get("lot"))


class CodeReader:
    """Reads the codes in pictures, from any thread.

    Raises
    ------
    UserError : the library for it is not installed
    """

    def __init__(self) -> None:
        require_zxing()
        self._lock, self._fault = threading.Lock(), Latch()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def read_codes(self, data: bytes) -> list[str]:
        """Return the codes in the bytes of a picture, from top to bottom; none after a fault."""
        with self._lock:
            try:
                found = self._ask(data)
            except _BROKEN:
                self._end()
                self._fault.set(translate("The codes of a picture could not be read: its part is not known."))
                return []
            self._fault.clear()
            return found

    def read_trouble(self) -> str:
        """Return that a picture is without its codes, "" where none is."""
        return self._fault.read()

    def _ask(self, data: bytes) -> list[str]:
        pipe = self._pipe or self._start()
        pipe.send_bytes(data)
        if not pipe.poll(_LONGEST):
            raise EOFError
        found: list[str] = pipe.recv()
        return found

    def _start(self) -> Connection:
        self._process, pipe = start_child(_serve_codes, name="codes")
        self._pipe = pipe
        if not pipe.poll(_START) or pipe.recv() != []:
            raise EOFError
        return pipe

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._process = self._pipe = None

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()


def require_zxing() -> None:
    """Raise UserError where the library is not installed."""
    try:
        import zxingcpp  # noqa: F401
    except ImportError as error:
        raise UserError(
            translate(
                "Codes in pictures need a library that is not installed: pip install “anomaly-gui[barcode]”."
            )
        ) from error


def _serve_codes(pipe: Connection) -> None:
    leave_signals_to_station()
    pipe.send([])
    with suppress(*_BROKEN):
        while True:
            pipe.send(find_codes(pipe.recv_bytes()))


def find_codes(data: bytes) -> list[str]:
    """Return the codes in the bytes of a picture, in this process."""
    import zxingcpp

    try:
        with Image.open(io.BytesIO(data)) as opened:
            found = zxingcpp.read_barcodes(opened.convert("L"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return []
    placed = [(one.position.top_left.y, one.position.top_left.x, one.text) for one in found if one.valid]
    return [text for _, _, text in sorted(placed)]
