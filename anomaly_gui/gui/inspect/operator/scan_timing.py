"""Telling what a barcode scanner typed from what was there before: scanners type faster than people."""

from __future__ import annotations

_FASTEST_PERSON = 0.035  # seconds between keys: scanners take 1 to 20 ms
_FEWEST = 3  # characters of a code


class ScanTiming:
    """Follows the keys of one field, and returns what was scanned when Enter comes."""

    def __init__(self) -> None:
        self._burst, self._last = "", float("-inf")

    def note_key(self, text: str, seconds: float) -> None:
        """Note a key: what it typed, and when."""
        is_fast = seconds - self._last <= _FASTEST_PERSON
        self._burst = self._burst + text if is_fast else text
        self._last = seconds

    def finish_text(self, text: str) -> str:
        """Return the part's number from a field's text: what was scanned last, or else all of it.

        A key that was leaned on before the scan is no part of the number.

        >>> timing = ScanTiming()
        >>> for place, key in enumerate("7A-12"):
        ...     timing.note_key(key, 2.0 * (place > 0) + 0.01 * place)
        >>> timing.finish_text("7A-12")
        'A-12'
        """
        scanned, self._burst = self._burst, ""
        self._last = float("-inf")
        return scanned if len(scanned) >= _FEWEST and text.endswith(scanned) else text
