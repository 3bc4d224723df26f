"""The registers of the Modbus output: what stands where, and how values become words of 16 bits."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Any

from anomaly_gui.station.outputs.output import STATES, VERDICTS
from anomaly_gui.station.times import read_moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAP_VERSION = 1
SLOTS, SLOT_WORDS, FIRST_SLOT = 8, 24, 100
COUNT = FIRST_SLOT + SLOTS * SLOT_WORDS
TEST_NUMBER = 1234.5
"""A float that a PLC reads to see whether its order of words is ours."""

VERSION, HEARTBEAT, STATE, FAULT, HELD, PENDING, NEWEST, TEST, ACK, MODE = 0, 1, 2, 3, 4, 5, 6, 8, 10, 12
SEQ, VERDICT, FLAGS, SCORE, THRESHOLD, BAND, AT, PART = 0, 2, 3, 4, 6, 8, 10, 14
PART_CHARACTERS = 2 * (SLOT_WORDS - PART)

STATE_IS_ERROR, NO_STATE, BUFFER_IS_FULL, OUTPUT_FAILS, ALARM_IS_ACTIVE = 1, 2, 4, 8, 16
HAS_SCORE, IS_CHALLENGE, IS_SIMULATED = 1, 2, 4


class Words:
    """Values as words of 16 bits, the high word first or last; bytes within a word are as Modbus has them.

    >>> Words(True).write(">I", 70000), Words(False).write(">I", 70000)
    ([1, 4464], [4464, 1])
    >>> Words(True).read_unsigned([1, 4464])
    70000
    """

    def __init__(self, high_first: bool) -> None:
        self._high_first = high_first

    def write(self, form: str, value: float) -> list[int]:
        """Return a number in a form of `struct`, such as ">f"."""
        data = struct.pack(form, value)
        words = [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]
        return words if self._high_first else words[::-1]

    def read_unsigned(self, words: Sequence[int]) -> int:
        """Return an unsigned number."""
        ordered = words if self._high_first else list(reversed(words))
        value = 0
        for word in ordered:
            value = value << 16 | word
        return value

    def write_slot(self, message: Mapping[str, Any] | None) -> list[int]:
        """Return the registers of one result, zeros for none."""
        if message is None:
            return [0] * SLOT_WORDS
        return [
            *self.write(">I", wrap_seq(message["seq"])),
            number_verdict(message["verdict"]),
            find_flags(message),
            *(
                word
                for key in ("score", "threshold", "band")
                for word in self.write(">f", fit_float(message[key]))
            ),
            *self.write(">Q", round(1000 * read_moment(message["at"]))),
            *write_text(message["part"] or "", PART_CHARACTERS),
        ]


def wrap_seq(seq: int) -> int:
    """Return a number of a part as 32 bits hold it."""
    return seq & 0xFFFFFFFF


def number_verdict(verdict: str) -> int:
    """Return the number of a verdict: 0 is none, so that an empty register is never "good".

    >>> [number_verdict(verdict) for verdict in VERDICTS]
    [1, 2, 3, 4, 5]
    """
    return VERDICTS.index(verdict) + 1


def number_state(state: str) -> int:
    """Return the number of a state.

    >>> number_state("starting"), number_state("running"), number_state("error")
    (0, 1, 5)
    """
    return STATES.index(state)


def find_flags(message: Mapping[str, Any]) -> int:
    """Return the flags of a result."""
    flags = {
        HAS_SCORE: message["score"] is not None,
        IS_CHALLENGE: message["is_challenge"],
        IS_SIMULATED: message["is_simulated"],
    }
    return sum(flag for flag, holds in flags.items() if holds)


def fit_float(value: float | None) -> float:
    """Return what 32 bits can hold: NaN for nothing, the largest for what is larger."""
    if value is None or math.isnan(value):
        return math.nan
    largest = 3.4028234663852886e38
    return max(-largest, min(largest, value))


def write_text(text: str, characters: int) -> list[int]:
    """Return text as ASCII, two characters a word, filled up with zeros.

    >>> write_text("ABC", 6)
    [16706, 17152, 0]
    """
    data = text.encode("ascii", "replace")[:characters].ljust(characters, b"\0")
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, characters, 2)]
