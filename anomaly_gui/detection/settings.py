"""How to train: the settings' values, each checked against its declaration."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from anomaly_gui.detection.detectors import POSITIONAL, TEXTURE
from anomaly_gui.detection.features import FeatureSettings, parse_layers
from anomaly_gui.detection.grids import GridSettings
from anomaly_gui.detection.groups import check_rule
from anomaly_gui.detection.images import find_depth
from anomaly_gui.detection.parameters import AUTO_DEPTH, PARAMETERS
from anomaly_gui.detection.thresholds import FALSE_ALARM_RATE, MANUAL
from anomaly_gui.errors import ParameterError
from anomaly_gui.wording import setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class TrainSettings:
    """How to train. Each field is described, with its range, in `parameters.PARAMETERS`.

    Raises
    ------
    ParameterError : a value out of range, an unknown name, or the rule manual without a threshold
    """

    detector: str = "pooled"
    layer: str = "block4_conv3"
    size: int = 224
    channels: int = 100
    seed: int = 0
    normalization: str = "hellinger"
    density: str = "shrunk"
    components: int = 1
    covariance: str = "full"
    learned_size: str = "auto"
    latent: int = 16
    steps: int = 3000
    learned_score: str = "combined"
    objective: str = "one-class"
    outside: float = 0.1
    pretrain: str = "no"
    weight_decay: float = 1e-4
    rule: str = FALSE_ALARM_RATE
    false_alarm_rate: float = 0.01
    sigmas: float = 3.0
    sigma_scores: str = "training"
    threshold: float | None = None
    unsure: float = 0.0
    group_by: str = "auto"
    suspects: str = "leave-out"
    depth: str = AUTO_DEPTH
    pixel_limit: int = 200_000_000

    def __post_init__(self) -> None:
        for each in fields(self):
            _check(each.name, getattr(self, each.name))
        check_rule(self.group_by)
        if (self.rule == MANUAL) != (self.threshold is not None):
            raise ParameterError("A threshold and the rule manual go together: give both or neither.")
        _ = self.features
        if self.detector in (POSITIONAL, TEXTURE):
            _ = self.grid

    @property
    def features(self) -> FeatureSettings:
        """How an image becomes a feature vector."""
        return FeatureSettings(parse_layers(self.layer), self.size, self.normalization, self.known_depth)

    @property
    def known_depth(self) -> int | None:
        """Bits used of files of 16 bits; None where none was named and none found."""
        return None if self.depth == AUTO_DEPTH else int(self.depth)

    @property
    def grid(self) -> GridSettings:
        """How the places of an image become features."""
        return GridSettings(self.size, self.channels, self.seed)

    def settled(self, sets: Iterable[Sequence[Path]]) -> TrainSettings:
        """Return the settings with the depth of the 16-bit files among some sets, where it is to be told."""
        if self.depth != AUTO_DEPTH:
            return self
        found = [find_depth(files, self.pixel_limit) for files in sets]
        return self.at_depth(max((depth for depth in found if depth), default=None))

    def at_depth(self, depth: int | None) -> TrainSettings:
        """Return the settings with a depth."""
        return self if depth is None else replace(self, depth=str(depth))


def _check(name: str, value: Any) -> None:
    parameter, named = PARAMETERS[name], setting(name, starts=True)
    if parameter.choices and value not in parameter.choices:
        known = ", ".join(parameter.choices)
        raise ParameterError(f"{named} cannot be {value!r}: take one of {known}.")
    if value is None or parameter.kind is str:
        return
    low = -math.inf if parameter.low is None else parameter.low
    high = math.inf if parameter.high is None else parameter.high
    if isinstance(value, float) and not math.isfinite(value):
        raise ParameterError(f"{named} cannot be {value}: give a finite number.")
    if not low <= value <= high:
        raise ParameterError(f"{named} cannot be {value}: take from {low:g} to {high:g}.")
