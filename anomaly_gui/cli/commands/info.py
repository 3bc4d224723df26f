"""The command `info`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anomaly_gui.cli.options.common_options import RuntimeName
from anomaly_gui.cli.output.progress import TerminalProgress
from anomaly_gui.cli.output.report import describe_threshold, print_line
from anomaly_gui.detection.images.bit_depth import describe_bit_depth
from anomaly_gui.detection.model.self_check import load_model
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.wording import counted

if TYPE_CHECKING:
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.settings.feature_settings import FeatureSettings


def info_command(
    model: Annotated[Path, typer.Argument(metavar="M.anomaly", help="The model to look at.")],
    files: Annotated[bool, typer.Option("--files", help="List every image it was made from.")] = False,
    runtime: RuntimeName = None,
) -> None:
    """Say what a model was made from, what its threshold rests on, and whether this machine judges alike."""
    with TerminalProgress() as progress:
        running = default_runtime(runtime)
        opened = load_model(model, progress, running)
    print_line(_describe_model(opened))
    if not progress.warnings:
        used = opened.detector.plan.runs_on(running)
        print_line(f"This machine ({used}) scores its reference images as the one that trained it.")
    if files:
        for record in (*opened.training.images, *opened.training.calibration):
            print_line(f"{record.sha256}  {record.path}")


def _describe_model(model: Model) -> str:
    training = model.training
    parts = len(set(training.groups.tolist()))
    (narrow, wide), (small, large) = model.admission.aspect, model.admission.longest
    rows = {
        "created": model.created,
        "detector": _describe_detector(model),
        "learned from": f"{len(training.images):,} images of {parts:,} parts ({training.grouped_by})",
        "calibrated on": f"{len(training.calibration):,} images of another day",
        "their sizes": f"longer side {small:,} to {large:,} px, width / height {narrow:.3g} to {wide:.3g}",
        "depth": describe_bit_depth(model.detector.plan.features.depth),
        "weights": _describe_weights(model),
        "made with": ", ".join(f"{name} {version}" for name, version in model.versions.items()),
    }
    if model.admission.light is not None:
        rows["their light"] = str(model.admission.light)
    if training.suspects:
        rows["left out"] = f"{counted(len(training.suspects), 'image')} unlike the others"
    lines = [f"{name:14}{value}" for name, value in rows.items()]
    lines += [f"{'':14}{one.path}: {one.reason}" for one in training.suspects]
    return "\n".join([*lines, describe_threshold(model.threshold), *model.threshold.warnings])


def _describe_weights(model: Model) -> str:
    network = model.detector.plan.network
    if network is None:
        return f"{model.detector.settings.declared_backbone.title}, SHA-256 {model.weights_sha256}"
    judged = len(model.training.judged)
    apart = f", without the {judged:,} that set the threshold" if judged else ""
    return f"learned from these images{apart}"


def _describe_detector(model: Model) -> str:
    plan, described = model.detector.plan, model.detector.state()[0]
    layers = [] if plan.network else [",".join(plan.features.layers)]
    words = [model.detector.kind, *layers, _describe_input(plan.features)]
    words += [] if plan.network else [plan.features.normalization]
    if "density" in described:
        words.append(described["density"]["name"])
    if plan.grid is not None:
        words.append("{} x {} cells".format(*plan.shape))
    if plan.locator is not None:
        words.append("parts located" if plan.pieces == 1 else f"{plan.pieces} parts located")
    if plan.alignment is not None:
        words.append("parts aligned")
    if plan.interest:
        words.append("part of the image ignored")
    return ", ".join(words)


def _describe_input(features: FeatureSettings) -> str:
    height, width = features.shape
    return f"{height} px" if height == width else f"{height} x {width} px (height x width)"
