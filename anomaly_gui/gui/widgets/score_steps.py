"""By how much one step moves a threshold: it follows how far the scores lie apart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDoubleSpinBox

    from anomaly_gui.detection.arrays.kinds import FloatArray

_STEPS = 50  # between the quartiles of the scores, at least
_MOST_DECIMALS = 6


def choose_step(scores: FloatArray) -> float:
    """Return 1, 2 or 5 times a power of ten, by the (images,) scores; not-a-numbers do not count.

    >>> choose_step(np.array([-330.0, -310.0, -300.0, -290.0, -4000.0])), choose_step(np.full(3, 7.0))
    (0.5, 0.01)
    """
    known = scores[~np.isnan(scores)]
    spread = float(np.subtract(*np.percentile(known, (75, 25)))) if len(known) else 0.0
    if not spread > 0:
        return 0.01
    wanted = max(spread / _STEPS, 10.0**-_MOST_DECIMALS)
    power = 10.0 ** math.floor(math.log10(wanted))
    return max(step * power for step in (1, 2, 5) if step * power <= wanted * (1 + 1e-9))


def set_steps(field: QDoubleSpinBox, step: float) -> None:
    """Let a field step so, and show as many decimals as that takes: two at least."""
    decimals = min(_MOST_DECIMALS, max(2, -math.floor(math.log10(step))))
    was_blocked = field.blockSignals(True)
    field.setDecimals(decimals)
    field.setSingleStep(step)
    field.blockSignals(was_blocked)
