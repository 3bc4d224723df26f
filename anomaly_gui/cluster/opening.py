"""From what a user names to an engine: `local`, `auto`, `tcp://...` or `tls://...`."""

from __future__ import annotations

import ipaddress
import logging
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from anomaly_gui.cluster.certificates import find_certificates
from anomaly_gui.cluster.engine import MOST_DEATHS, EngineGoneError
from anomaly_gui.cluster.local_engine import LocalEngine
from anomaly_gui.cluster.threads import count_workers, limit_threads, share_cores
from anomaly_gui.detection.runtimes.protocol import is_installed
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from distributed import Client, LocalCluster

    from anomaly_gui.cluster.engine import Engine
    from anomaly_gui.cluster.outfit import Outfit

LOCAL, AUTO = "local", "auto"
_SCHEMES = ("tcp", "tls")
_PATIENCE = 20  # seconds to wait for a scheduler


def check_address(address: str) -> None:
    """Raise UserError for what names no cluster, or one that is not installed."""
    named = urlsplit(address)
    if address not in (LOCAL, AUTO) and not (named.scheme in _SCHEMES and named.hostname):
        raise UserError(
            translate(
                "{address!r} names no cluster: take local, auto, or the address of a scheduler, such as "
                "tls://192.168.0.10:8786.",
                address=address,
            )
        )
    for package in ("pyarrow", "fsspec", *(() if address == LOCAL else ("distributed",))):
        if not is_installed(package):
            raise UserError(
                translate(
                    "Work on a cluster needs {package}, which this installation does without: install it "
                    'with `pip install "anomaly-gui[cluster]"`.',
                    package=package,
                )
            )


@contextmanager
def open_engine(
    address: str,
    outfit: Outfit | None,
    tell: Callable[[str], None],
    *,
    workers: int | None = None,
    certificates: Path | None = None,
) -> Iterator[Engine]:
    """Open the engine of an address, and close it with all that was started for it.

    Parameters
    ----------
    outfit : what each worker needs once
    tell : called with sentences for the user, such as where Dask's own page is
    workers : how many processes, where they are started here; None: one for every pair of cores
    certificates : folder with what `make_certificates` wrote, for tls://

    Raises
    ------
    UserError : no such address, something is not installed, or nobody answers there
    """
    check_address(address)
    count = workers or count_workers()
    with ExitStack() as ends:
        if address == LOCAL:
            yield ends.enter_context(LocalEngine(count, outfit))
            return
        if address == AUTO:
            cluster = ends.enter_context(start_cluster(count))
            client = ends.enter_context(_connect(cluster))
            engine = ends.enter_context(_use(client, outfit, count, lambda: cluster.scale(count)))
        else:
            if (warning := warn_of_plain(address)) is not None:
                tell(warning)
            client = ends.enter_context(_connect(address, certificates))
            engine = ends.enter_context(_use(client, outfit))
        tell(translate("Dask's own page: {link}", link=client.dashboard_link))
        yield engine


@contextmanager
def _use(
    client: Client, outfit: Outfit | None, workers: int = 0, revive: Callable[[], None] | None = None
) -> Iterator[Engine]:
    from anomaly_gui.cluster.dask_engine import DaskEngine

    engine = DaskEngine(client, outfit, workers, revive)
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def start_cluster(workers: int) -> Iterator[LocalCluster]:
    """Start a scheduler and so many worker processes, which others on the network cannot reach."""
    import dask
    from distributed import LocalCluster

    threads = limit_threads(len(share_cores(workers)[0]))
    settings: dict[str, Any] = {
        "distributed.nanny.pre-spawn-environ": threads,
        "distributed.scheduler.allowed-failures": MOST_DEATHS - 1,
        "distributed.deploy.lost-worker-timeout": "10s",
    }
    with (
        dask.config.set(settings),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        ) as cluster,
    ):
        yield cluster


@contextmanager
def _connect(where: str | LocalCluster, certificates: Path | None = None) -> Iterator[Client]:
    from distributed import Client

    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # we say it in one sentence
    security = None
    if isinstance(where, str) and urlsplit(where).scheme == "tls":
        security = find_certificates(certificates).make_security()
    try:
        client = Client(where, timeout=_PATIENCE, security=security, set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise EngineGoneError(
            translate(
                "No scheduler answers at {address}: check the address, the certificates and that it runs.",
                address=where,
            )
        ) from error
    try:
        yield client
    finally:
        client.close(timeout=2)


def warn_of_plain(address: str) -> str | None:
    """Return what is to be said of an address where anyone on the network can listen, and command."""
    named = urlsplit(address)
    if named.scheme != "tcp" or is_loopback(named.hostname or ""):
        return None
    return translate(
        "{address} is neither encrypted nor guarded: whoever reaches the scheduler can run programs on its "
        "workers. Use tls:// outside of a network you trust (`anomaly-gui cluster certificates`).",
        address=address,
    )


def is_loopback(host: str) -> bool:
    """Tell a host that is this machine itself.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("192.168.0.10")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
