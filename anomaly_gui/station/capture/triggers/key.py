"""A line on standard input: the return key takes a picture, a scanner that types names the part."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.station.capture.triggers.trigger import Fire, Trigger

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO


class Key(Trigger):
    """Reads lines; `stream` is standard input."""

    def __init__(
        self, name: str, fire: Fire, scan: Callable[[str], None], stream: TextIO | None = None
    ) -> None:
        super().__init__(name, fire, scan)
        self._stream = stream or sys.stdin

    def work(self) -> None:
        """Ask for a picture at each empty line; a text goes with the next picture."""
        for line in self._stream:
            if self._ended.is_set():
                return
            code = line.strip()
            if code:
                self._scan(code)
            else:
                self._fire(self.name)
        self.trouble = translate("Standard input has ended: no key can be pressed.")
