"""The worked example: ones are good, sevens are defects; textbook and honest thresholds side by side."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anomaly_gui import figures
from anomaly_gui.cli.options.common_options import RuntimeName
from anomaly_gui.cli.output.evaluation_plots import collect_predictions, make_scatter_data
from anomaly_gui.cli.output.progress import TerminalProgress
from anomaly_gui.cli.output.report import print_line
from anomaly_gui.cli.output.result_files import make_folder
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.evaluating import EvaluateRequest, evaluate
from anomaly_gui.detection.judging.evaluation import Evaluation, evaluate_scores
from anomaly_gui.detection.judging.thresholds import TRAINING, by_sigma
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.training import train
from anomaly_gui.detection.worked_example import SETTINGS, Example, unpack_mnist, unpack_sample
from anomaly_gui.results import write_csv

if TYPE_CHECKING:
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress

_PICTURES = ("scatter.png", "failures.png", "scores.csv")


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
    """Tell handwritten ones (good) from sevens (defects): the worked example.

    Without options, and where there is a display, it opens in the window; else pictures are written.
    """
    make_folder(out)
    with TerminalProgress() as progress, tempfile.TemporaryDirectory() as folder:
        progress.stage("Unpacking digits")
        unpacked = Path(folder)
        example = unpack_mnist(mnist, unpacked) if mnist else unpack_sample(unpacked)
        report = make_demo_report(example, out, progress, default_runtime(runtime))
    print_line(report)
    print_line(f"Written to {out}: {', '.join(_PICTURES)}.")


def make_demo_report(example: Example, out: Path, progress: Progress, runtime: Runtime) -> str:
    """Train on the ones, judge other ones and sevens, write pictures and scores to `out`.

    Returns the table as text.
    """
    model = train(TrainRequest(example.fit, settings=SETTINGS), progress, runtime).model
    request = EvaluateRequest(model, example.normal, example.anomalous)
    honest = evaluate(request, progress, runtime).evaluation
    textbook = evaluate_scores(honest.images, by_sigma(model.training.scores, 3, TRAINING).value)
    lines = (
        figures.NamedThreshold("honest: 1 % false alarms", honest.threshold),
        figures.NamedThreshold("textbook: mean - 3 sigma of the training scores", textbook.threshold),
    )
    data = make_scatter_data(honest, lines, "Ones (good) and sevens (defects)")
    figures.save_figure(figures.draw_scatter(data), out / _PICTURES[0])
    figures.save_figure(
        figures.draw_failures(collect_predictions(honest, ("ones", "sevens"), progress)), out / _PICTURES[1]
    )
    rows = ((one.path.name, one.label, one.score, one.verdict) for one in honest.images)
    write_csv(out / _PICTURES[2], ("image", "label", "score", "verdict"), rows)
    return _format_table(honest, textbook, len(example.fit), str(model.threshold.expected))


def _format_table(honest: Evaluation, textbook: Evaluation, learned: int, expected: str) -> str:
    rows = [
        f"Learned from {learned:,} ones.",
        f"{'threshold':45}{'false alarms':>16}{'misses':>18}",
    ]
    for name, one in (
        ("honest: 1 % false alarms promised", honest),
        ("textbook: mean - 3 sigma of training scores", textbook),
    ):
        alarms = f"{one.false_alarm.count:,} of {one.false_alarm.total:,}"
        misses = f"{one.miss.count:,} of {one.miss.total:,}"
        rows.append(f"{name:45}{alarms:>16}{misses:>18}")
    return "\n".join([*rows, f"AUROC {honest.auroc:.4f}. To expect: {expected}."])
