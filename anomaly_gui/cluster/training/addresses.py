"""Good images at addresses: listed once, so that no question about one of them goes over the network."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from typing import TYPE_CHECKING

from anomaly_gui.cluster.place_listing import list_place
from anomaly_gui.cluster.url_paths import UrlPath, as_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from anomaly_gui.detection.datasets.train_request import TrainRequest


class ListedUrl(UrlPath):
    """The path of an address whose size is known from a listing."""

    size: int | None = None

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Return kind and size; asks where they are not known."""
        if self.size is None:
            return super().stat(follow_symlinks=follow_symlinks)
        return os.stat_result((stat.S_IFREG | 0o444, 0, 0, 1, 0, 0, self.size, 0, 0, 0))


def list_addresses(request: TrainRequest) -> TrainRequest:
    """Return a request with the images at addresses in place of the addresses.

    Raises
    ------
    UserError : an address that cannot be listed
    """
    return replace(
        request,
        normal=tuple(_list_each(request.normal)),
        calibration=tuple(_list_each(request.calibration)),
        anomalous=tuple(_list_each(request.anomalous)),
    )


def _list_each(paths: Iterable[Path]) -> Iterator[Path]:
    for named in paths:
        path = as_path(named)
        if not isinstance(path, UrlPath):
            yield path
            continue
        for url, size, _ in list_place(path).images:
            listed = ListedUrl(str(as_path(url)))
            listed.size = size
            yield listed
