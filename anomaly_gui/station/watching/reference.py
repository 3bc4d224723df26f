"""What a station's first parts are like: the centre and spread that later ones are held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray

WEIGHT = 0.05
"""Of a new part in the moving average."""
FIRST_PARTS = 200
"""How many parts tell what is usual."""
SETTLED_PARTS = 1000
"""How many tell it better: then it stays."""
_MOST_PERSISTENT = 0.95
_FAR = 4.0  # spreads from the middle, beyond which a single part counts no more than one there


@dataclass(frozen=True)
class Reference:
    """What first parts are like.

    Parameters
    ----------
    centre : their mean
    spread : their standard deviation, with that of parts far from all others bounded
    persistence : correlation of each part with the one before it, 0 to 0.95
    reach : how far from the centre a part counts
    count : how many parts it was told from
    wandering : standard deviation that their moving average had; 0 where they are too few to tell
    """

    centre: float
    spread: float
    persistence: float
    reach: float
    count: int
    wandering: float = 0.0

    def bound(self, value: float) -> float:
        """Return the distance from the centre, at most as far as `reach`."""
        return min(max(value - self.centre, -self.reach), self.reach)

    @property
    def lasting_variance(self) -> float:
        """Variance of the mean of very many parts, times how many: above that of single, unrelated ones.

        Of a first-order autoregression; of what is alike for longer than that, as the moving average had it.
        """
        by_neighbours = self.spread**2 * (1 + self.persistence) / (1 - self.persistence)
        return max(by_neighbours, self.wandering**2 * (2 - WEIGHT) / WEIGHT)

    @property
    def spread_of_average(self) -> float:
        """Standard deviation of the moving average, with the centre's own error.

        Of a first-order autoregression, after Schmid (1997), or as it was found where that is more; with the
        variance of the centre added.
        """
        kept = self.persistence * (1 - WEIGHT)
        by_neighbours = self.spread**2 * WEIGHT / (2 - WEIGHT) * (1 + kept) / (1 - kept)
        of_average = max(by_neighbours, self.wandering**2)
        return float(np.sqrt(of_average + self.lasting_variance / self.count))


def measure_reference(values: FloatArray, tolerance: float) -> Reference:
    """Return the reference of first parts.

    Parameters
    ----------
    values : (parts,) in their order
    tolerance : what no reference is narrower than: twice this always counts in full
    """
    middle = float(np.median(values))
    usual = 1.4826 * float(np.median(np.abs(values - middle)))
    reach = max(_FAR * usual, 2 * tolerance)
    bounded = np.clip(values, middle - reach, middle + reach)
    persistence = _raise_persistence(measure_persistence(bounded), len(values))
    share = (1 + persistence) / (1 - persistence) / len(values)  # of the variance, that is in the mean
    spread = float(bounded.std()) / np.sqrt(max(1 - share, 0.25))
    centre = float(bounded.mean())
    wandering = _measure_wandering(bounded - centre) if len(values) >= SETTLED_PARTS else 0.0
    return Reference(centre, float(spread), persistence, reach, len(values), wandering)


def _measure_wandering(apart: FloatArray) -> float:
    """Return the standard deviation of the moving average of (parts,), after its beginning."""
    from scipy.signal import lfilter  # what only shows records should not wait for it

    average = lfilter([WEIGHT], [1, WEIGHT - 1], apart)[FIRST_PARTS:]
    return float(np.sqrt((average**2).mean()))


def _raise_persistence(persistence: float, count: int) -> float:
    """Return the end of the one-sided 95 % interval: few parts tell little of how long a line wanders."""
    return min(persistence + 1.64 * float(np.sqrt((1 - persistence**2) / count)), _MOST_PERSISTENT)


def measure_persistence(values: FloatArray) -> float:
    """Return the correlation of values with those before them, bounded to 0 ... 0.95.

    >>> measure_persistence(np.array([1.0, 2.0, 1.0, 2.0]))
    0.0
    """
    apart = values - values.mean()
    total = float((apart**2).sum())
    if total <= 0:
        return 0.0
    return min(max(float((apart[1:] * apart[:-1]).sum()) / total, 0.0), _MOST_PERSISTENT)
