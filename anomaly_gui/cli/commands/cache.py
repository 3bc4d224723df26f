"""The command `cache`."""

from __future__ import annotations

from typing import Annotated

import typer

from anomaly_gui.cli.output.report import print_line
from anomaly_gui.detection.features.feature_cache import LIMIT, VARIABLE, default_cache
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate

_MEGA = 1e6


def cache_command(
    clear: Annotated[bool, typer.Option("--clear", help="Delete what is cached.")] = False,
) -> None:
    """Say where features of images are cached, how many and how large, or delete them.

    They can be deleted at any time: the next training only takes longer.
    """
    cache = default_cache()
    if cache is None:
        print_line(
            translate(
                "No features are cached: the environment variable {variable} says so.", variable=VARIABLE
            )
        )
        return
    if cache.trouble:
        raise UserError(cache.trouble)
    if clear:
        cache.clear()
    images, size = cache.size()
    cache.close()
    print_line(
        translate(
            "{path}: features of {images:,} images, {used:,.1f} of {limit:,.0f} MB.",
            path=cache.path,
            images=images,
            used=size / _MEGA,
            limit=LIMIT / _MEGA,
        )
    )
