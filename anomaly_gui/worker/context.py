"""What a running job has at hand: its progress, what runs the network, the cache, models in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.worker.messages import Warned
from anomaly_gui.worker.post import PipedProgress

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.worker.messages import Message
    from anomaly_gui.worker.post import Post


class Engine:
    """What stays in memory from one job to the next: the network, the cache, the last model."""

    def __init__(self) -> None:
        self._runtime: Runtime | None = None
        self._cache: FeatureCache | None = None
        self._warned_of_cache = False
        self._open: tuple[Path, int, Model] | None = None
        self._warm: tuple[Path, int] | None = None

    @property
    def runtime(self) -> Runtime:
        """What runs the network."""
        if self._runtime is None:
            from anomaly_gui.detection.runtimes.protocol import default_runtime

            self._runtime = default_runtime()
        return self._runtime

    @property
    def cache(self) -> FeatureCache | None:
        """The feature cache; one that failed is given up until the window is opened again."""
        if self._cache is None:
            from anomaly_gui.detection.features.feature_cache import default_cache

            self._cache = default_cache()
        return self._cache

    def take_cache_trouble(self) -> str | None:
        """Return why the cache cannot be used, the first time it is asked after that was found."""
        if self._cache is None or not self._cache.trouble or self._warned_of_cache:
            return None
        self._warned_of_cache = True
        return self._cache.trouble

    def load_model(self, file: Path) -> Model:
        """Return the model of a file, from memory where the file has not changed since."""
        from anomaly_gui.detection.model.model_file import open_model

        written = file.stat().st_mtime_ns if file.exists() else -1
        if self._open is None or self._open[:2] != (file, written):
            self._open = (file, written, open_model(file))
        return self._open[2]

    def warm_up(self) -> None:
        """Once a model is open, do ahead what the first image would wait for: a tenth of a second."""
        if self._open is None or self._open[:2] == self._warm:
            return
        import anomaly_gui.detection.scoring  # noqa: F401 - that it is there
        from anomaly_gui.detection.model.self_check import judge_reference

        self._warm = self._open[:2]
        judge_reference(self._open[2], self.runtime)

    def keep_model(self, model: Model, file: Path) -> None:
        """Save a model to a file, and hold it in memory."""
        from anomaly_gui.detection.model.model_file import save_model

        save_model(model, file)
        self._open = (file, file.stat().st_mtime_ns, model)


class JobContext:
    """What one running job has at hand."""

    def __init__(self, number: int, post: Post, engine: Engine) -> None:
        self._number, self._post = number, post
        self.engine = engine
        self.progress = PipedProgress(post, number)

    @property
    def runtime(self) -> Runtime:
        """What runs the network."""
        return self.engine.runtime

    @property
    def cache(self) -> FeatureCache | None:
        """The feature cache, or None."""
        return self.engine.cache

    def send_message(self, message: Message) -> None:
        """Send a message on this job."""
        self._post.send_message(self._number, message)

    def warn_of_cache(self) -> None:
        """Say, once, that the cache cannot be used; the job is done and cannot be cancelled by this."""
        trouble = self.engine.take_cache_trouble()
        if trouble is not None:
            self.send_message(Warned(trouble))
