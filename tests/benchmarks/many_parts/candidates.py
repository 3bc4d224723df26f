"""What is tried: a detector with its layers, size, backbone and normalization, and a constant changed."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import product
from types import ModuleType
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from anomaly_gui.detection.datasets.input_shape import settle_shape
from anomaly_gui.detection.densities import cell_gaussians
from anomaly_gui.detection.detectors import positional, texture
from anomaly_gui.detection.settings.choices import AUTO, POOLED, POSITIONAL, TEXTURE
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.detection.settings.train_settings import TrainSettings
from tests.benchmarks.many_parts.backbones import DEFAULT_BACKBONE, backbone_settings, list_layers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.benchmarks.part_kinds import PartKind

SMALLEST_WITH_MAP = 64  # pixels


@dataclass(frozen=True)
class Variant:
    """A constant of the product put to another value, or a setting.

    Parameters
    ----------
    detectors : those that it concerns
    constants : (module, name, value); a value may be a function
    """

    detectors: tuple[str, ...]
    constants: tuple[tuple[ModuleType, str, Any], ...] = ()
    channels: int | None = None

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Hold the constants while something is fitted and judged."""
        with ExitStack() as stack:
            for module, name, value in self.constants:
                stack.enter_context(patch.object(module, name, value))
            yield


_WITH_CELLS = tuple(kind.name for kind in DETECTORS.values() if kind.has_map and not kind.is_learned)


def _make_variants() -> dict[str, Variant]:
    ridges = {
        f"ridge {share}": Variant(_WITH_CELLS, ((cell_gaussians, "CELL_REGULARIZATION", share),))
        for share in (0.02, 0.05, 0.1, 0.2, 0.4)
    }
    highest = {
        f"top {100 * share:g} %": _change_share(share) for share in (0.003, 0.01, 0.02, 0.03, 0.05, 0.1)
    }
    directions = {f"{count} directions": Variant((POSITIONAL,), (), count) for count in (50, 200, 350)}
    return {"": Variant(tuple(DETECTORS)), **ridges, **highest, **directions}


def _change_share(share: float) -> Variant:
    """Return the variant whose scores are made of another share of the map."""
    return Variant(
        _WITH_CELLS, ((positional, "choose_share", lambda _: share), (texture, "HIGHEST_SHARE", share))
    )


VARIANTS = _make_variants()
"""What can be changed, by name; the empty name changes nothing."""


@dataclass(frozen=True)
class PartsCandidate:
    """One of what is tried.

    Parameters
    ----------
    layers, normalization : of the pooled features; empty: the backbone's default
    variant : a name of `VARIANTS`
    """

    detector: str
    layers: tuple[str, ...] = ()
    size: int = 224
    backbone: str = DEFAULT_BACKBONE
    normalization: str = ""
    variant: str = ""

    def __str__(self) -> str:
        """Name it, by what is not the default."""
        plain = PartsCandidate(self.detector)
        parts = [self.detector, *(["+".join(self.layers)] if self.layers else [])]
        parts += [f"{self.size} px"] if self.size != plain.size else []
        parts += [
            str(getattr(self, name))
            for name in ("backbone", "normalization", "variant")
            if getattr(self, name) != getattr(plain, name)
        ]
        return ", ".join(parts)

    def settings_for(self, kind: PartKind) -> TrainSettings:
        """Return the settings of a training on a kind of parts."""
        if self.detector == AUTO:  # it takes backbone, size and shape by itself
            return settle_shape(TrainSettings(detector=AUTO), kind.good)
        settings = backbone_settings(self.backbone)
        changed = replace(
            settings,
            detector=self.detector,
            size=fit_size(self.size, kind),
            normalization=self.normalization or settings.normalization,
            layer=",".join(self.layers) or settings.layer,
        )
        channels = VARIANTS[self.variant].channels
        return changed if channels is None else replace(changed, channels=channels)


def fit_size(size: int, kind: PartKind) -> int:
    """Return the side of the network's input for a kind: of small images it is smaller by their share."""
    fitted = 8 * round(size * kind.size / DETECTORS[POOLED].size / 8)
    return max(fitted, SMALLEST_WITH_MAP)


def list_candidates(
    detectors: Sequence[str],
    layers: Sequence[tuple[str, ...]],
    sizes: Sequence[int],
    backbones: Sequence[str],
    normalizations: Sequence[str],
    variants: Sequence[str],
) -> list[PartsCandidate]:
    """Return all that is to be tried, each once: layers and normalizations only of what uses them."""
    found: dict[PartsCandidate, None] = {}
    for detector, size, backbone, variant in product(detectors, sizes, backbones, variants):
        if detector == AUTO and not variant:
            found[PartsCandidate(AUTO)] = None
            continue
        if detector not in VARIANTS[variant].detectors:
            continue
        of_layers = choose_layers(layers, backbone) if detector == POOLED else [()]
        used = normalizations if detector in (POOLED, TEXTURE) else normalizations[:1]
        for of_layer, normalization in product(of_layers, used):
            found[PartsCandidate(detector, of_layer, size, backbone, normalization, variant)] = None
    return list(found)


def choose_layers(layers: Sequence[tuple[str, ...]], backbone: str) -> list[tuple[str, ...]]:
    """Return those that a backbone has, its default as an empty one."""
    default, known = backbone_settings(backbone).features.layers, set(list_layers(backbone))
    return [() if those == default else those for those in layers if known.issuperset(those)]
