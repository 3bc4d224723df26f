"""What takes long in a training, and who does it: this process, unless somebody else is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from anomaly_gui.detection.datasets.training_sets import screen_images
from anomaly_gui.detection.model.assembly import assemble_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.detection.datasets.image_sets import ImageSet
    from anomaly_gui.detection.datasets.train_request import TrainRequest
    from anomaly_gui.detection.datasets.training_sets import GoodImages, TrainingSets
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.learning.split import Split
    from anomaly_gui.detection.model.assembly import KnownDefects, ScreenedImages
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.model.weighing import Weighing
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.train_settings import TrainSettings
    from anomaly_gui.progress import Progress


class TrainingSteps(Protocol):
    """What takes long in a training, where there are many images."""

    @property
    def read(self) -> Callable[[TrainRequest, Plan], TrainingSets] | None:
        """Reads the images by a plan; None: `read_sets` does, one file after the other."""

    def screen(self, read: ImageSet, request: TrainRequest, plan: Plan) -> GoodImages:
        """Return good images by part, without those unlike the others if that is asked for."""

    def assemble(
        self,
        settings: TrainSettings,
        plan: Plan,
        normal: ScreenedImages,
        calibration: ScreenedImages,
        defects: KnownDefects,
        split: Split | None,
    ) -> tuple[Model, Weighing | None]:
        """Fit the detector and choose its threshold; see `assemble_model`."""


@dataclass(frozen=True)
class OwnSteps:
    """The steps as one process takes them."""

    runtime: Runtime
    progress: Progress
    cache: FeatureCache | None
    read: None = None

    def screen(self, read: ImageSet, request: TrainRequest, plan: Plan) -> GoodImages:
        """See `TrainingSteps`."""
        return screen_images(read, request, plan, self.runtime, self.progress, self.cache)

    def assemble(
        self,
        settings: TrainSettings,
        plan: Plan,
        normal: ScreenedImages,
        calibration: ScreenedImages,
        defects: KnownDefects,
        split: Split | None,
    ) -> tuple[Model, Weighing | None]:
        """See `TrainingSteps`."""
        return assemble_model(settings, plan, normal, calibration, defects, split, self.runtime)
