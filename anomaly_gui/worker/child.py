"""The worker's own process: takes jobs from a pipe, one after the other, and says how they go."""

from __future__ import annotations

import os
import signal
import traceback
from typing import TYPE_CHECKING

from anomaly_gui.errors import UserError
from anomaly_gui.language import use_language
from anomaly_gui.progress import CancelledError
from anomaly_gui.worker.context import Engine, JobContext
from anomaly_gui.worker.messages import Cancelled, Crashed, Failed, Finished
from anomaly_gui.worker.post import Post, WindowGoneError
from anomaly_gui.worker.registry import handle_job

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from anomaly_gui.worker.messages import Message, Order

_NICENESS = 10


def serve_window(pipe: Connection) -> None:
    """Carry out orders until the window is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the window
    _lower_priority()
    post, engine = Post(pipe), Engine()
    try:
        while True:
            order = post.next_order()
            use_language(order.language)
            post.send_message(order.number, _carry_out(order, post, engine))
            _warm_up(engine)
    except WindowGoneError:
        return


def _warm_up(engine: Engine) -> None:
    """Do ahead what the first image would wait for."""
    try:
        engine.warm_up()
    except Exception:  # noqa: BLE001 - it fails again with the first image, and is reported there
        return


def _lower_priority() -> None:
    """Let the window go first: the network would take every core from it for tenths of a second."""
    import psutil

    psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if os.name == "nt" else _NICENESS)


def _carry_out(order: Order, post: Post, engine: Engine) -> Message:
    """Return the last message on a job: what became of it."""
    try:
        if order.job is None or post.is_cancelled(order.number):
            return Cancelled()
        return Finished(handle_job(order.job, JobContext(order.number, post, engine)))
    except CancelledError:
        return Cancelled()
    except UserError as error:
        return Failed(str(error))
    except WindowGoneError:
        raise
    except Exception:  # noqa: BLE001 - the border of the process: whatever it is, it is reported
        return Crashed(traceback.format_exc())
