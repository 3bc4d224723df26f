"""Work in threads whose results come in order, never more at once than asked: memory stays flat."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

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

    The items are taken in the thread that asks for the results. Where taking one fails, what was made of the
    others is yielded first. Closing the iterator drops what waits.
    """
    remaining, started = _TroubleLast(items), deque[Future[T]]()
    with ThreadPoolExecutor(workers or count_cores(), thread_name_prefix="ahead") as pool:
        try:
            while True:
                wanted = ahead - len(started)
                started.extend(pool.submit(work, item) for item in islice(remaining, wanted))
                if not started:
                    break
                yield started.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    remaining.raise_trouble()


class _TroubleLast(Generic[S]):
    """Items that end where taking the next one fails; why they ended is raised when it is asked for."""

    def __init__(self, items: Iterable[S]) -> None:
        self._items = iter(items)
        self._trouble: Exception | None = None

    def __iter__(self) -> Iterator[S]:
        return self

    def __next__(self) -> S:
        if self._trouble is not None:
            raise StopIteration
        try:
            return next(self._items)
        except StopIteration:
            raise
        except Exception as error:
            self._trouble = error
            raise StopIteration from error

    def raise_trouble(self) -> None:
        """Raise what went wrong, if anything did."""
        if self._trouble is not None:
            raise self._trouble


def _read_or_refuse(read: Callable[[Path], T], path: Path) -> T | ImageRefusedError:
    try:
        return read(path)
    except ImageRefusedError as error:
        return error
