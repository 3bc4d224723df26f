"""The scheduler and the workers of a cluster, as commands run them: Dask's own, set up for this work."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from anomaly_gui.cluster.certificates import find_certificates
from anomaly_gui.cluster.engine import MOST_DEATHS
from anomaly_gui.cluster.opening import check_address, is_loopback, warn_of_plain
from anomaly_gui.cluster.threads import CORES_VARIABLE, count_workers, limit_threads, share_cores
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from distributed import Nanny

_ENDED = ("closed", "failed")
_PAUSE = 2.0  # seconds before a worker that ended starts anew


def run_scheduler(host: str, port: int, certificates: Path | None, tell: Callable[[str], None]) -> None:
    """Run a scheduler until it is interrupted.

    Raises
    ------
    UserError : others could reach it, and there are no certificates; or it cannot listen there
    """
    encrypted = certificates is not None or not is_loopback(host)
    address = f"{'tls' if encrypted else 'tcp'}://{host}:{port}"
    check_address(address)
    security = find_certificates(certificates).make_security() if encrypted else None
    try:
        asyncio.run(_schedule(host, port, security, tell))
    except OSError as error:
        raise UserError(
            translate(
                "{address} cannot be listened at ({why}).", address=address, why=explain_os_error(error)
            )
        ) from error


async def _schedule(host: str, port: int, security: Any, tell: Callable[[str], None]) -> None:
    import dask
    from distributed import Scheduler

    from anomaly_gui.cluster.on_dask.dask_scheduler import ForgettingPlugin

    with dask.config.set({"distributed.scheduler.allowed-failures": MOST_DEATHS - 1}):
        async with Scheduler(
            host=host, port=port, security=security, dashboard_address="127.0.0.1:0"
        ) as scheduler:
            scheduler.add_plugin(ForgettingPlugin())
            tell(translate("The scheduler listens at {address}.", address=scheduler.address))
            if "dashboard" in scheduler.services:
                link = f"http://127.0.0.1:{scheduler.services['dashboard'].port}/status"
                tell(translate("Dask's own page: {link}", link=link))
            await scheduler.finished()


def run_workers(
    address: str, workers: int | None, certificates: Path | None, tell: Callable[[str], None]
) -> None:
    """Run workers with cores of their own until they are interrupted; they wait for a scheduler that is away.

    Raises
    ------
    UserError : no such address, no certificates for tls://, or nobody answers there
    """
    check_address(address)
    if (warning := warn_of_plain(address)) is not None:
        tell(warning)
    security = find_certificates(certificates).make_security() if urlsplit(address).scheme == "tls" else None
    try:
        asyncio.run(_work(address, workers or count_workers(), security, tell))
    except (OSError, TimeoutError, RuntimeError) as error:
        raise UserError(
            translate(
                "No scheduler answers at {address}: check the address, the certificates and that it runs.",
                address=address,
            )
        ) from error


async def _work(address: str, workers: int, security: Any, tell: Callable[[str], None]) -> None:
    import dask

    shares = share_cores(workers)
    threads = limit_threads(len(shares[0]))
    with dask.config.set({"distributed.nanny.pre-spawn-environ": threads}):
        nannies = await asyncio.gather(*(_start_nanny(address, cores, security) for cores in shares))
        tell(translate("Workers at {address}: {count:,}.", address=address, count=workers))
        pairs = zip(nannies, shares, strict=True)
        await asyncio.gather(*(_keep_running(nanny, address, cores, security) for nanny, cores in pairs))


async def _start_nanny(address: str, cores: tuple[int, ...], security: Any) -> Nanny:
    from distributed import Nanny

    nanny: Nanny = await Nanny(
        address,
        nthreads=1,
        security=security,
        name=f"{socket.gethostname()}-{cores[0]}-{os.getpid()}",
        env={CORES_VARIABLE: ",".join(map(str, cores))},
    )
    return nanny


async def _keep_running(nanny: Nanny, address: str, cores: tuple[int, ...], security: Any) -> None:
    """Start a worker anew whenever it has ended: over an image, or since the scheduler went away."""
    while True:
        await nanny.finished()
        while str(nanny.status.name) in _ENDED:
            await asyncio.sleep(_PAUSE)
            with suppress(OSError, TimeoutError, RuntimeError):
                nanny = await _start_nanny(address, cores, security)
