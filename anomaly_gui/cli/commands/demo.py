"""The worked example: ones are good, sevens are defects; the textbook's method and the automatic one."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from anomaly_gui.cli.options.common_options import RuntimeName
from anomaly_gui.cli.output.demo_report import PICTURES, make_demo_report
from anomaly_gui.cli.output.progress import TerminalProgress
from anomaly_gui.cli.output.report import print_line
from anomaly_gui.cli.output.result_files import make_folder
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.worked_example import unpack_mnist, unpack_sample
from anomaly_gui.language import translate
from anomaly_gui.wording import join_list


def demo_command(
    headless: Annotated[  # noqa: ARG001 - without it, and without other options, the window opens
        bool, typer.Option("--headless", help="Write pictures, open no window.")
    ] = False,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the pictures and scores.")
    ] = Path("demo-output"),
    mnist: Annotated[
        Path | None,
        typer.Option(
            "--mnist", metavar="FILE", help="Keras's mnist.npz: run on all ones and sevens of MNIST."
        ),
    ] = None,
    runtime: RuntimeName = None,
) -> None:
    """Tell handwritten ones (good) from sevens (defects): the textbook's method beside the automatic one.

    Without options, and where there is a display, it opens in the window; else pictures are written.
    """
    make_folder(out)
    with TerminalProgress() as progress, tempfile.TemporaryDirectory() as folder:
        progress.stage(translate("Unpacking digits"))
        unpacked = Path(folder)
        example = unpack_mnist(mnist, unpacked) if mnist else unpack_sample(unpacked)
        report = make_demo_report(example, out, progress, default_runtime(runtime))
    print_line(report)
    print_line(translate("Written to {out}: {files}.", out=out, files=join_list(PICTURES)))
