"""What each part of an image's way takes alone: the product's own functions, one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from anomaly_gui.detection.arrays.products import products_on_one_core
from anomaly_gui.detection.benchmarking.bottleneck import (
    DECODE,
    DENSITY,
    DISTANCES,
    FEATURES,
    LOOK,
    MAPS,
    NETWORK,
    READ,
    RESIZE,
    PartSpeed,
)
from anomaly_gui.detection.benchmarking.recorded import RecordedDistances, RecordedRuntime
from anomaly_gui.detection.benchmarking.stopwatch import Duration, Job, time_jobs
from anomaly_gui.detection.detectors.anomaly_maps import AnomalyMap
from anomaly_gui.detection.detectors.base import MapDetector, require_image_cells
from anomaly_gui.detection.features.extraction import extract_features
from anomaly_gui.detection.images.decoding.opening import open_picture
from anomaly_gui.detection.images.loading import decode_image, read_file
from anomaly_gui.detection.images.look import Look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import ImageArray
    from anomaly_gui.detection.detectors.protocol import Detector
    from anomaly_gui.detection.features.network_outputs import ImageFeatures
    from anomaly_gui.detection.images.decoding.raster import Raster
    from anomaly_gui.detection.images.loading import ImageFile, ReadingOptions
    from anomaly_gui.detection.runtimes.protocol import Runtime

_FULL_HD = 1920, 1080  # what regions are scaled to; it takes no time


def time_reading(files: Sequence[Path], options: ReadingOptions, rounds: int) -> tuple[PartSpeed, ...]:
    """Return what is done to files before the network, in one thread."""
    read = [read_file(path, options.pixel_limit) for path in files]
    pixels = [decode_image(file, options).pixels for file in read]
    jobs: dict[str, Job] = {
        READ: lambda: [read_file(path, options.pixel_limit) for path in files],
        DECODE: lambda: [_decode_alone(file, options) for file in read],
        RESIZE: lambda: [decode_image(file, options) for file in read],
        LOOK: lambda: [Look.from_pixels(one) for one in pixels],
    }
    times = time_jobs(jobs, rounds)
    times[RESIZE] -= times[DECODE]
    return list_parts(times, len(files))


def _decode_alone(file: ImageFile, options: ReadingOptions) -> Raster:
    return open_picture(file.path, file.data).decode(options.needed, options.depth)


def time_judging(
    detector: Detector, pixels: ImageArray, runtime: Runtime, rounds: int
) -> tuple[PartSpeed, ...]:
    """Return what is done to prepared images, (images, height, width, 3), until there are scores."""
    plan, recorded = detector.plan, RecordedRuntime(runtime)
    features = extract_features(pixels, plan, recorded)
    jobs: dict[str, Job] = {
        NETWORK: recorded.run_again,
        FEATURES: lambda: extract_features(pixels, plan, recorded),
        **_list_judging_jobs(detector, features),
    }
    return list_parts(time_jobs(jobs, rounds), len(pixels))


def _list_judging_jobs(detector: Detector, features: ImageFeatures) -> dict[str, Job]:
    """Return the parts of judging, which scoring does with products on one core."""
    if not isinstance(detector, MapDetector):
        return {DENSITY: products_on_one_core()(lambda: detector.judge(features))}
    cells, density = require_image_cells(features), detector.local.cell_distances
    local = replace(detector.local, cell_distances=RecordedDistances(density, cells))
    rest = replace(detector, local=local)
    return {
        DISTANCES: products_on_one_core()(lambda: density.distances(cells)),
        MAPS: products_on_one_core()(lambda: _draw_maps(rest, features)),
    }


def _draw_maps(detector: Detector, features: ImageFeatures) -> list[AnomalyMap]:
    maps = detector.judge(features).maps
    return [] if maps is None else [AnomalyMap.of(values, *_FULL_HD) for values in maps]


def list_parts(times: Mapping[str, Duration], images: int) -> tuple[PartSpeed, ...]:
    """Return the durations of so many images as parts of the way of one."""
    return tuple(
        PartSpeed(name, 1000 * each.seconds / images, 1000 * each.core_seconds / images)
        for name, each in times.items()
    )
