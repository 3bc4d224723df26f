"""What commands work with: the runtime that was asked for, and the feature cache."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.detection.features.feature_cache import default_cache
from anomaly_gui.detection.runtimes.protocol import default_runtime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress


@dataclass(frozen=True)
class Engine:
    """A runtime, and a cache or None."""

    runtime: Runtime
    cache: FeatureCache | None

    def describe_use(self, model: Model) -> dict[str, str | None]:
        """Return as JSON values what runs a model; no backbone where its features are learned."""
        plan = model.detector.plan
        return {"backbone": plan.backbone, "runtime": plan.runs_on(self.runtime)}


@contextmanager
def set_up_engine(runtime: str | None, progress: Progress, *, no_cache: bool = False) -> Iterator[Engine]:
    """Set both up; at the end close the cache, and say what was wrong with it."""
    running = default_runtime(runtime)
    cache = None if no_cache else default_cache()
    try:
        yield Engine(running, cache)
    finally:
        if cache is not None:
            if cache.trouble:
                progress.warn(cache.trouble)
            cache.close()
