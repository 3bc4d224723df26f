"""What every worker needs once: bytes with their digest, such as a model file, checked where they arrive."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from anomaly_gui.cluster.engine import WorkerRefusedError
from anomaly_gui.language import translate

_received: dict[str, bytes] = {}
_times: Counter[str] = Counter()
"""How often each was received: several commands may have the same model."""


@dataclass(frozen=True)
class Outfit:
    """Bytes that go to each worker once.

    Parameters
    ----------
    content : the bytes
    sha256 : their digest, by which work asks for them
    """

    content: bytes = field(repr=False)
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> Outfit:
        """Return bytes with their digest."""
        return cls(content, hashlib.sha256(content).hexdigest())

    def receive(self) -> None:
        """Keep the bytes in this process, if they are what was sent; else work that asks is refused."""
        _times[self.sha256] += 1
        if hashlib.sha256(self.content).hexdigest() == self.sha256:
            _received[self.sha256] = self.content

    def forget(self) -> None:
        """Let go of what was received, unless another command sent it, too."""
        _times[self.sha256] -= 1
        if _times[self.sha256] <= 0:
            _received.pop(self.sha256, None)
            del _times[self.sha256]


def find_outfit(sha256: str) -> bytes:
    """Return the bytes of a digest that this process received.

    Raises
    ------
    WorkerRefusedError : it received none, or other ones
    """
    try:
        return _received[sha256]
    except KeyError:
        raise WorkerRefusedError(translate("A worker has not received the model whole.")) from None
