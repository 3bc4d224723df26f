"""Decode files in threads, in order, never more at once than asked: memory stays flat."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from anomaly_gui.detection.images import LoadedImage, ReadingOptions, load_image
from anomaly_gui.errors import ImageRefusedError


def read_images(
    files: Sequence[Path],
    options: ReadingOptions,
    prepare: Callable[[LoadedImage], LoadedImage] | None = None,
    *,
    workers: int = 2,
    ahead: int = 32,
) -> Generator[LoadedImage | ImageRefusedError, None, None]:
    """Yield each file's image, or the reason it was refused, in the order of the files.

    Parameters
    ----------
    prepare : what is done to each image in the same thread, or None
    workers : threads; so many files are held at full size at once
    ahead : so many results are ready or under way before they are asked for

    Closing the iterator drops what waits and returns when the files under way are done.
    """
    remaining = iter(files)
    with ThreadPoolExecutor(workers, thread_name_prefix="decode") as pool:
        started: deque[Future[LoadedImage | ImageRefusedError]] = deque(
            pool.submit(_read, path, options, prepare) for path in islice(remaining, ahead)
        )
        try:
            while started:
                result = started.popleft().result()
                started.extend(pool.submit(_read, path, options, prepare) for path in islice(remaining, 1))
                yield result
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _read(
    path: Path, options: ReadingOptions, prepare: Callable[[LoadedImage], LoadedImage] | None
) -> LoadedImage | ImageRefusedError:
    try:
        image = load_image(path, options)
        return prepare(image) if prepare else image
    except ImageRefusedError as error:
        return error
