"""An event loop in a thread of its own, for servers that live in one."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

Result = TypeVar("Result")


class LoopThread:
    """Runs coroutines for a thread that has no event loop."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Result], seconds: float = 30.0) -> Result:
        """Run a coroutine and return its result; raise what it raises, TimeoutError where it takes longer."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def close(self) -> None:
        """Cancel what still runs, and end the thread."""
        self.run(_cancel_others())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def finish_others(seconds: float) -> None:
    """Let the loop's other tasks come to their end, for some seconds at most."""
    until = time.monotonic() + seconds
    await asyncio.sleep(0)  # what was about to start a task has its turn
    while (others := _list_others()) and (left := until - time.monotonic()) > 0:
        await asyncio.wait(others, timeout=left)


def _list_others() -> set[asyncio.Task[Any]]:
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


async def _cancel_others() -> None:
    others = _list_others()
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
