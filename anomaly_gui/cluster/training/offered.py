"""What a cluster can train exactly: detectors of which all that is learned follows from sums over images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.detection.settings.choices import AUTO, POOLED, POSITIONAL, SHRUNK, TEXTURE
from anomaly_gui.detection.settings.detector_kinds import LEARNED
from anomaly_gui.errors import ParameterError
from anomaly_gui.language import translate
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from anomaly_gui.detection.settings.train_settings import TrainSettings

OFFERED = (POOLED, POSITIONAL)
"""Detectors a cluster trains."""


def check_offered(settings: TrainSettings) -> None:
    """Raise ParameterError for what a cluster cannot train exactly: why not, and what to take instead."""
    why = _explain_detector(settings.detector)
    if why is not None:
        raise ParameterError(
            translate(
                "A cluster cannot train the detector {detector}: {why}. Take one of {offered} "
                "(positional for parts in place, pooled for others), or train on one machine.",
                detector=settings.detector,
                why=why,
                offered=join_list(OFFERED),
            )
        )
    if settings.detector == POOLED and settings.density != SHRUNK:
        raise ParameterError(
            translate(
                "A cluster cannot train the density {density}: only the shrunk Gaussian follows from sums. "
                "Leave the density out, or train on one machine.",
                density=settings.density,
            )
        )
    if settings.images_per_second is not None:
        raise ParameterError(
            translate("How fast this machine judges says nothing of a cluster's: name the size instead.")
        )


def _explain_detector(detector: str) -> str | None:
    """Return why a detector is not offered, or None."""
    if detector in LEARNED:
        return translate("its network is trained step by step on all images")
    if detector == AUTO:
        return translate("it remembers cells that are chosen one after the other, which sums do not tell")
    if detector == TEXTURE:
        return translate("it is fitted anew without each group of images, which sums of parts do not tell")
    return None
