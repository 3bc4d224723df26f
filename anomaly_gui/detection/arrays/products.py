"""Matrix products on one core, where the other cores have work of their own."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped] # scikit-learn brings it


@contextmanager
def products_on_one_core() -> Iterator[None]:
    """Keep numpy's BLAS to one thread; `with` it, or as the decorator of a function.

    Two that share a small product wait for each other wherever a core is busy. (With another program at work
    a forest of neighbours took 13 times as long on both of two cores.) And a thread that has done its part
    spins for a while, in the way of the network: cells reduced on two cores cost a light backbone half of
    its speed. It holds for all threads until the last one that asked for it is done.
    """
    _LIMIT.enter()
    try:
        yield
    finally:
        _LIMIT.leave()


class _Limit:
    """One thread for BLAS while anybody wants that."""

    def __init__(self) -> None:
        self._lock, self._count = Lock(), 0

    def enter(self) -> None:
        """Limit it, unless somebody has."""
        with self._lock:
            if self._count == 0:
                self._libraries = _find_libraries(len(sys.modules))
                _take_control(self._libraries)
                self._limiter = self._libraries.limit(limits=1, user_api="blas")
            self._count += 1

    def leave(self) -> None:
        """Lift the limit with the last one."""
        with self._lock:
            self._count -= 1
            if self._count == 0:
                _take_control(self._libraries)
                self._limiter.restore_original_limits()


_LIMIT = _Limit()


def _take_control(libraries: ThreadpoolController) -> None:
    """Let this thread change the limit: from 3.8 on only the first one that did may, others do nothing."""
    for library in libraries.lib_controllers:
        give_up = getattr(library, "clear_controlling_thread", None)
        if give_up is not None:
            give_up(force=True)


@lru_cache(maxsize=1)
def _find_libraries(modules: int) -> ThreadpoolController:  # noqa: ARG001 - of another number there may be more
    """Return the libraries whose threads can be limited; looking for them takes a millisecond.

    Parameters
    ----------
    modules : how many are imported: SciPy and OpenCV bring libraries of their own
    """
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
