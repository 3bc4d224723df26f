"""A short tone for a defect: made here, and played by what the system has for that."""

from __future__ import annotations

import math
import shutil
import struct
import sys
import tempfile
import wave
from pathlib import Path

from PySide6.QtCore import QObject, QProcess

_RATE = 22_050  # samples a second
_NOTES = ((988.0, 0.14), (740.0, 0.22))  # hertz and seconds: falling, so that no one takes it for "all well"
_LOUDNESS = 0.5
_FADE = 0.01  # seconds: without it every note begins and ends with a crack
_PLAYERS = ("pw-play", "paplay", "aplay", "afplay")


class DefectTone(QObject):
    """Plays the tone. Qt's own player is a download of its own, larger than the rest of Qt here."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file: Path | None = None
        self._command = _find_player()
        self._playing: QProcess | None = None

    @property
    def can_play(self) -> bool:
        """Tell whether this machine has something to play it with."""
        return self._command is not None or sys.platform == "win32"

    def play_tone(self) -> None:
        """Play it, unless it is being played; the window waits for nothing."""
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(str(self._find_file()), winsound.SND_FILENAME | winsound.SND_ASYNC)
        elif self._command is not None and not self._is_playing:
            self._playing = QProcess(self)
            self._playing.finished.connect(self._playing.deleteLater)
            self._playing.start(self._command, [str(self._find_file())])

    @property
    def _is_playing(self) -> bool:
        return self._playing is not None and self._playing.state() != QProcess.ProcessState.NotRunning

    def _find_file(self) -> Path:
        if self._file is None or not self._file.exists():
            self._file = Path(tempfile.mkdtemp(prefix="anomaly-gui-tone-"), "defect.wav")
            write_tone(self._file)
        return self._file

    def close(self) -> None:
        """Take the file away."""
        if self._file is not None:
            shutil.rmtree(self._file.parent, ignore_errors=True)
            self._file = None


def write_tone(file: Path) -> None:
    """Write the tone as WAV: 16 bits, one channel."""
    samples = [value for hertz, seconds in _NOTES for value in _make_note(hertz, seconds)]
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(_RATE)
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))


def _make_note(hertz: float, seconds: float) -> list[int]:
    count, fade = round(seconds * _RATE), round(_FADE * _RATE)
    return [
        round(
            32767
            * _LOUDNESS
            * min(1.0, index / fade, (count - index) / fade)
            * math.sin(2 * math.pi * hertz * index / _RATE)
        )
        for index in range(count)
    ]


def _find_player() -> str | None:
    return next((found for found in map(shutil.which, _PLAYERS) if found), None)
