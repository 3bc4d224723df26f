"""The automatic detector on a kind of parts, trained as the product trains it: options and settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from anomaly_gui.detection.settings.choices import AUTO
from anomaly_gui.detection.settings.train_settings import TrainSettings

if TYPE_CHECKING:
    import argparse

    from tests.benchmarks.part_kinds import PartKind

RATE = 0.02
"""False alarms that are promised."""

PIXELS = 10**9
"""Of an image, at most."""


def add_options(parser: argparse.ArgumentParser, *, most: int) -> None:
    """Add where parts are found, what is varied, and how many images are judged of each label."""
    parser.add_argument("--sets", type=Path, required=True, help="folder of real sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for images and features")
    parser.add_argument("--variants", type=int, help="of each good image; without: the product's default")
    parser.add_argument("--size", type=int, help="px; without: the product's default")
    parser.add_argument(
        "--most", type=int, default=most, help="images of a kind that are judged of each label"
    )


def make_settings(kind: PartKind, given: argparse.Namespace) -> TrainSettings:
    """Return the settings that a kind is trained with."""
    return TrainSettings(
        detector=AUTO,
        size=given.size,
        false_alarm_rate=RATE,
        variants=given.variants,
        group_by=kind.group_by,
        pixel_limit=PIXELS,
    )
