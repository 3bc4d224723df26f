"""Images of a part are fetched ahead by threads: a network answers many at a time as soon as one."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from anomaly_gui.cluster.places.url_paths import UrlPath, make_status

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_THREADS = 16
_AHEAD = 48  # images that are fetched, or are there, before they are read: of 4 MB each, 200 MB


class _FetchedPath(UrlPath):
    """A path whose bytes are on their way, or here."""

    _fetching: _Fetching

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Return kind and size, as of `UrlPath`: of what is fetched anyway, nothing more is asked."""
        size = self._fetching.find_size(str(self))
        return super().stat(follow_symlinks=follow_symlinks) if size is None else make_status(size)

    def read_bytes(self) -> bytes:
        """Return the content, as of `UrlPath`."""
        return self._fetching.take(str(self))


class _Fetching:
    """Downloads in order, so many ahead of what has been taken; asked by several threads."""

    def __init__(self, paths: Sequence[Path], pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._waiting = deque(map(str, paths))
        self._started: dict[str, Future[bytes]] = {}
        self._lock = Lock()
        with self._lock:
            self._go_on()

    def _go_on(self) -> None:
        while self._waiting and len(self._started) < _AHEAD:
            url = self._waiting.popleft()
            self._started[url] = self._pool.submit(UrlPath(url).read_bytes)

    def find_size(self, url: str) -> int | None:
        """Return how many bytes an address holds; None where they are not on their way."""
        with self._lock:
            fetched = self._started.get(url)
        if fetched is None:
            return None
        if fetched.exception() is not None:  # nothing of it will be taken
            self._forget(url)
        return len(fetched.result())

    def take(self, url: str) -> bytes:
        """Return the content of an address, which is forgotten here."""
        fetched = self._forget(url)
        return UrlPath(url).read_bytes() if fetched is None else fetched.result()

    def _forget(self, url: str) -> Future[bytes] | None:
        with self._lock:
            fetched = self._started.pop(url, None)
            self._go_on()
        return fetched


@contextmanager
def prefetched(paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """Return the same paths, of which those of addresses are fetched ahead."""
    if not any(isinstance(path, UrlPath) for path in paths):
        yield paths
        return
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="fetch") as pool:
        fetching = _Fetching([path for path in paths if isinstance(path, UrlPath)], pool)
        try:
            yield [_attach(path, fetching) for path in paths]
        finally:
            pool.shutdown(cancel_futures=True)  # of a network that is away each waits for minutes


def _attach(path: Path, fetching: _Fetching) -> Path:
    if not isinstance(path, UrlPath):
        return path
    attached = _FetchedPath(str(path))
    attached._fetching = fetching
    found: Path = attached
    return found
