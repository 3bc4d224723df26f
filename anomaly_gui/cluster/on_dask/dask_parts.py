"""What runs in a worker of Dask: a part, whose troubles are told as values; and what each needs once.

Work goes to each worker once, not with each part: of a training on a million images it takes 8 MB, and the
scheduler would hold it for each of thousands of parts.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from distributed import WorkerPlugin, get_worker

from anomaly_gui.cluster.engine import Failure, PartFailedError, WorkerRefusedError
from anomaly_gui.cluster.threads import CORES_VARIABLE, keep_to_cores, share_cores
from anomaly_gui.errors import UserError

if TYPE_CHECKING:
    from distributed import Worker

    from anomaly_gui.cluster.outfit import Outfit


_OURS = "anomaly-gui/"

_at_hand: dict[str, Callable[[Any], Any]] = {}
"""The work this process has received, by name."""


@dataclass(frozen=True)
class Refusal:
    """That the worker at an address may not do the work."""

    address: str
    reason: str


class RefusedHereError(Exception):
    """The same, as an error: it ends a reduction at once."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def work_on_part(name: str, number: int, part: Any) -> Any:
    """Return the result of work, by its name, in a tuple, or a `Failure` or `Refusal`; bugs are raised."""
    try:
        return (_at_hand[name](part),)
    except WorkerRefusedError as error:
        return Refusal(get_worker().address, str(error))
    except UserError as error:
        return Failure(number, str(error), ends_worker=False)


def work_on_leaf(name: str, number: int, part: Any) -> Any:
    """Return the result; a reduction ends with the first part that has none."""
    outcome = work_on_part(name, number, part)
    if isinstance(outcome, Refusal):
        raise RefusedHereError(outcome)
    if isinstance(outcome, Failure):
        raise PartFailedError(outcome)
    return outcome[0]


def _name_plugin(client: str) -> str:
    return f"{_OURS}{client}/{uuid4().hex}"


def is_given_by(name: str, client: str) -> bool:
    """Tell whether a plugin is one that a client gave to workers, by its name."""
    return name.startswith(f"{_OURS}{client}/")


class WorkPlugin(WorkerPlugin):
    """Brings work to each worker, also to those that come later.

    Parameters
    ----------
    work : called with each part
    client : the id of who asks
    """

    def __init__(self, work: Callable[[Any], Any], client: str = "") -> None:
        self.name = _name_plugin(client)
        self._work = work

    def setup(self, worker: Worker) -> None:  # noqa: ARG002 - the signature is Dask's
        """Receive the work; called once in each worker."""
        _at_hand[self.name] = self._work

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - the signature is Dask's
        """Let go of it, and of the files it read; called once the work is done."""
        from anomaly_gui.cluster.training.part_store import forget_arrays  # brings numpy: see `keep_to_cores`

        _at_hand.pop(self.name, None)
        forget_arrays()


class OutfitPlugin(WorkerPlugin):
    """Brings the outfit to each worker, also to those that come later, and binds it to its cores.

    Parameters
    ----------
    outfit : what each worker needs once, or None
    local_workers : how many workers a cluster of this machine's own has; 0: they are others' machines
    client : the id of who asks
    """

    def __init__(self, outfit: Outfit | None, local_workers: int, client: str = "") -> None:
        self.name = _name_plugin(client)  # another command with the same model ends by itself
        self._outfit, self._local_workers = outfit, local_workers

    def setup(self, worker: Worker) -> None:
        """Receive the outfit; called once in each worker."""
        given = os.environ.get(CORES_VARIABLE)
        if given:
            keep_to_cores(tuple(map(int, given.split(","))))
        elif self._local_workers and isinstance(worker.name, int):
            keep_to_cores(share_cores(self._local_workers)[worker.name % self._local_workers])
        if self._outfit is not None:
            self._outfit.receive()

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - the signature is Dask's
        """Let go of the outfit; called once the command has ended."""
        if self._outfit is not None:
            self._outfit.forget()
