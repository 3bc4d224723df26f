"""Work in threads whose results come in order, never more at once than asked: memory stays flat."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TypeVar

from anomaly_gui.detection.images.loading import LoadedImage, ReadingOptions, load_image
from anomaly_gui.detection.runtimes.machine import count_cores
from anomaly_gui.errors import ImageRefusedError

S = TypeVar("S")
T = TypeVar("T")


def read_images(
    files: Sequence[Path], options: ReadingOptions, *, workers: int | None = None, ahead: int = 32
) -> Generator[LoadedImage | ImageRefusedError, None, None]:
    """Yield each file's image, or the reason it was refused; see `read_files`."""
    return read_files(files, lambda path: load_image(path, options), workers=workers, ahead=ahead)


def read_files(
    files: Sequence[Path],
    read: Callable[[Path], T],
    *,
    workers: int | None = None,
    ahead: int = 32,
) -> Generator[T | ImageRefusedError, None, None]:
    """Yield what is read of each file, or the reason it was refused, in the order of the files.

    Parameters
    ----------
    read : called in one of the threads
    workers : threads, of which each holds an image at full size; None: as many as there are cores
    ahead : so many results are ready or under way before they are asked for

    Closing the iterator drops what waits and returns when the files under way are done.
    """
    return work_ahead(files, lambda path: _read_or_refuse(read, path), workers=workers, ahead=ahead)


def work_ahead(
    items: Iterable[S], work: Callable[[S], T], *, workers: int | None = None, ahead: int
) -> Generator[T, None, None]:
    """Yield what is made of each item, in their order; for the parameters see `read_files`.

    The items are taken in the thread that asks for the results. Closing the iterator drops what waits.
    """
    remaining = iter(items)
    with ThreadPoolExecutor(workers or count_cores(), thread_name_prefix="ahead") as pool:
        started: deque[Future[T]] = deque(pool.submit(work, item) for item in islice(remaining, ahead))
        try:
            while started:
                result = started.popleft().result()
                started.extend(pool.submit(work, item) for item in islice(remaining, 1))
                yield result
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _read_or_refuse(read: Callable[[Path], T], path: Path) -> T | ImageRefusedError:
    try:
        return read(path)
    except ImageRefusedError as error:
        return error
