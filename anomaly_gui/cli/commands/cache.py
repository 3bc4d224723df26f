"""The command `cache`."""

from __future__ import annotations

from typing import Annotated

import typer

from anomaly_gui.cli.output.report import print_line
from anomaly_gui.detection.features.feature_cache import LIMIT, VARIABLE, default_cache
from anomaly_gui.errors import UserError

_MEGA = 1e6


def cache_command(
    clear: Annotated[bool, typer.Option("--clear", help="Delete what is cached.")] = False,
) -> None:
    """Say where features of images are cached, how many and how large, or delete them.

    They can be deleted at any time: the next training only takes longer.
    """
    cache = default_cache()
    if cache is None:
        print_line(f"No features are cached: the environment variable {VARIABLE} says so.")
        return
    if cache.trouble:
        raise UserError(cache.trouble)
    if clear:
        cache.clear()
    images, size = cache.size()
    cache.close()
    print_line(
        f"{cache.path}: features of {images:,} images, {size / _MEGA:,.1f} of {LIMIT / _MEGA:,.0f} MB."
    )
