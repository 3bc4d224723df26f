"""What detectors share: a plan, and with a map its level and what is usual in its cells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import numpy as np

from anomaly_gui.detection.arrays.row_store import JoinedRows, RowStore
from anomaly_gui.detection.densities.renewal import can_renew
from anomaly_gui.detection.densities.state import DensityState
from anomaly_gui.detection.features.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray, Rows
    from anomaly_gui.detection.detectors.local_maps import LocalMaps
    from anomaly_gui.detection.detectors.placement.placement import Placement
    from anomaly_gui.detection.detectors.protocol import Fitted
    from anomaly_gui.detection.detectors.renewal.renewal import Renewal
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.network_outputs import ImageFeatures
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
    from anomaly_gui.detection.learning.learned_features import NetworkTrainer
    from anomaly_gui.detection.settings.feature_settings import FeatureSettings
    from anomaly_gui.detection.settings.train_settings import TrainSettings

_USUAL = "usual"

AnyDetector = TypeVar("AnyDetector", bound="BaseDetector")
AnyMapDetector = TypeVar("AnyMapDetector", bound="MapDetector")


@dataclass(frozen=True, eq=False)
class BaseDetector:
    """What every detector has: see `Detector` for what it has to add.

    Parameters
    ----------
    plan : what has to be taken of an image
    """

    kind: ClassVar[str]
    plan: Plan

    @property
    def settings(self) -> FeatureSettings:
        """How the whole image becomes a vector."""
        return self.plan.features

    def with_level(self: AnyDetector, level: float) -> AnyDetector:  # noqa: ARG002 - the protocol's signature
        """Return itself: there is no map."""
        return self

    @property
    def can_renew(self) -> bool:
        """Whether it kept what `renew` takes: not unless a detector says so."""
        return False

    def renew(self, renewal: Renewal) -> Fitted:  # noqa: ARG002 - the protocol's signature
        """Refuse: what this detector learned cannot be taken apart; see `Detector`."""
        raise ValueError(f"the detector {self.kind} cannot be renewed")

    @classmethod
    def make_plan(
        cls,
        settings: TrainSettings,
        interest: RegionOfInterest,
        placement: Placement,  # noqa: ARG003 - the protocol's signature
    ) -> Plan:
        """Return the plan that takes the whole image; see `Detector`."""
        return Plan(settings.features, interest=interest)

    @classmethod
    def network_trainer(cls) -> NetworkTrainer:
        """Refuse: features of a backbone are not learned; see `Detector`."""
        raise ValueError(f"the detector {cls.kind} learns no features")


@dataclass(frozen=True, eq=False)
class MapDetector(BaseDetector):
    """What every detector with a map has.

    Parameters
    ----------
    local : maps of distances to good parts
    """

    local: LocalMaps

    def with_level(self: AnyMapDetector, level: float) -> AnyMapDetector:
        """Return this detector with another level of its map."""
        return replace(self, local=replace(self.local, level=self.local.level * level))

    @property
    def can_renew(self) -> bool:
        """Whether its map kept what `renew` takes."""
        return can_renew(self.local.cell_distances)

    def map_state(self) -> tuple[dict[str, Any], dict[str, FloatArray]]:
        """Return JSON values and arrays of the map alone; `split_usual` takes the latter apart again."""
        return {"level": self.local.level}, {
            **self.local.cell_distances.state().arrays,
            _USUAL: self.local.usual,
        }


def split_usual(plan: Plan, arrays: Mapping[str, FloatArray]) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Return what is usual in the cells of a map, (used cells,), and all other arrays; ValueError without."""
    if not plan.has_cells or _USUAL not in arrays:
        raise ValueError("a detector with maps needs cells, and what is usual in them")
    shape = (int(plan.used_cells.sum()),)
    usual = DensityState({}, arrays).get_array(_USUAL, shape, positive=True, kind="float32")
    return usual, {name: values for name, values in arrays.items() if name != _USUAL}


def require_cells(images: Collection) -> CellStore:
    """Return the features of cells of good images; ValueError where there are none."""
    if images.cells is None:
        raise ValueError("maps need features of cells")
    return images.cells


def require_image_cells(features: ImageFeatures) -> FloatArray:
    """Return the features of cells of images to judge; ValueError where there are none."""
    if features.cells is None:
        raise ValueError("a detector with maps judges features of places")
    return features.cells


@dataclass(frozen=True, eq=False)
class LearnedImages:
    """Features to fit to: those of the images first, then those of variants.

    Parameters
    ----------
    vectors : (images and variants, features)
    cells : of as many
    together : (images and variants,) which are held out together: a variant with its image
    """

    vectors: Rows
    cells: CellStore
    together: IntArray


def join_variants(images: Collection, groups: Groups) -> LearnedImages:
    """Return good images with their variants, if there are any; ValueError where they have no cells."""
    cells, together, variants = images.all_cells, groups.held_out_together, images.variants
    if variants is None or cells is None:
        return LearnedImages(images.vectors, require_cells(images), together)
    return LearnedImages(
        _join_rows(images.vectors, variants.vectors),
        cells,
        np.concatenate([together, together[variants.sources]]),
    )


def _join_rows(first: Rows, second: Rows) -> Rows:
    if isinstance(first, RowStore) and isinstance(second, RowStore):
        return JoinedRows(first, second)
    return np.concatenate([np.asarray(first), np.asarray(second)])
