"""A model as the window sees it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.settings.detector_kinds import DETECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.model.model import Model, ThresholdMove, TrainingRecord
    from anomaly_gui.detection.settings.feature_settings import FeatureSettings


@dataclass(frozen=True, eq=False)
class ModelSummary:
    """A model without what it learned: all a window shows of it.

    Parameters
    ----------
    file : where the worker keeps it
    warning : why this machine may judge differently, or None
    interest : the places of an image that count
    runtime : what runs the network here; `versions` tells what ran it in training
    """

    file: Path
    settings: FeatureSettings
    detector: str
    threshold: Threshold
    training: TrainingRecord
    created: str
    versions: Mapping[str, str]
    moves: tuple[ThresholdMove, ...]
    warning: str | None = None
    interest: RegionOfInterest = field(default_factory=RegionOfInterest)
    runtime: str = ""

    @property
    def network(self) -> str:
        """The backbone, where there is one, and what runs it here."""
        if DETECTORS[self.detector].is_learned:
            return self.runtime
        return f"{self.settings.declared_backbone.title}, {self.runtime}"

    @classmethod
    def of(cls, model: Model, file: Path, runtime: str, warning: str | None = None) -> ModelSummary:
        """Summarize a model that is kept in a file."""
        return cls(
            file=file,
            settings=model.detector.settings,
            detector=model.detector.kind,
            threshold=model.threshold,
            training=replace(model.training, vectors=model.training.vectors[:0], kept=None),
            created=model.created,
            versions=model.versions,
            moves=model.moves,
            warning=warning,
            interest=model.detector.plan.interest,
            runtime=runtime,
        )
