"""The commands `cluster certificates`, `cluster scheduler` and `cluster worker`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from anomaly_gui.cli.options.common_options import CertificateFolder
from anomaly_gui.cli.output.report import print_line
from anomaly_gui.cluster.certificates import make_certificates
from anomaly_gui.cluster.serving import run_scheduler, run_workers
from anomaly_gui.language import translate

_Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")]
_Scheduler = Annotated[
    str, typer.Argument(metavar="ADDRESS", help="The scheduler: tls://HOST:PORT or tcp://HOST:PORT.")
]
_Host = Annotated[str, typer.Option("--host", help="The address of this machine to listen at.")]
_Port = Annotated[int, typer.Option("--port", help="The port to listen at.")]
_Workers = Annotated[
    Optional[int],  # noqa: UP045 - at run time
    typer.Option("--workers", metavar="NUMBER", help="Processes; by default one for each pair of cores."),
]


def certificates_command(folder: _Folder) -> None:
    """Make certificates for a cluster: who has this folder may use the cluster, and work for it.

    Copy the folder to every machine of the cluster over a way you trust, and name it with --certificates.
    """
    made = make_certificates(folder)
    print_line(
        translate(
            "{folder} holds the certificates: copy it to each machine of the cluster, and to nobody else. "
            "They hold for {days:,} days.",
            folder=made.folder,
            days=made.days,
        )
    )


def scheduler_command(
    host: _Host = "127.0.0.1", port: _Port = 8786, certificates: CertificateFolder = None
) -> None:
    """Run a scheduler until it is interrupted.

    Workers run what a scheduler sends them. Without certificates only this machine can reach it.
    """
    run_scheduler(host, port, certificates, print_line)


def worker_command(
    scheduler: _Scheduler, workers: _Workers = None, certificates: CertificateFolder = None
) -> None:
    """Run workers on this machine until they are interrupted: each is a process with cores of its own."""
    run_workers(scheduler, workers, certificates, print_line)
