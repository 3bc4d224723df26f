"""The command `info`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anomaly_gui.cli.options.common_options import RuntimeName
from anomaly_gui.cli.output.columns import pad_right
from anomaly_gui.cli.output.progress import TerminalProgress
from anomaly_gui.cli.output.report import describe_file, describe_threshold, print_line
from anomaly_gui.detection.images.bit_depth import describe_bit_depth
from anomaly_gui.detection.model.self_check import load_model
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.language import translate, translate_count, translate_kept
from anomaly_gui.wording import count_images, join_list

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        print_line(
            translate(
                "This machine ({used}) scores its reference images as the one that trained it.", used=used
            )
        )
    if files:
        for record in (*opened.training.images, *opened.training.calibration):
            print_line(f"{record.sha256}  {record.path}")


def _describe_model(model: Model) -> str:
    training = model.training
    lines = [pad_right(name, 14) + value for name, value in _list_facts(model)]
    lines += [" " * 14 + describe_file(one.translate()).strip() for one in training.suspects]
    return "\n".join(
        [*lines, describe_threshold(model.threshold), *map(translate_kept, model.threshold.warnings)]
    )


def _list_facts(model: Model) -> Iterator[tuple[str, str]]:
    """Yield names and facts."""
    training, light = model.training, model.admission.light
    yield translate("created"), model.created
    yield translate("detector"), _describe_detector(model)
    yield translate("learned from"), _describe_images(model)
    yield (
        translate("calibrated on"),
        translate("{count:,} images of another day", count=len(training.calibration)),
    )
    yield translate("their sizes"), _describe_sizes(model)
    yield translate("depth"), describe_bit_depth(model.detector.plan.features.depth)
    yield translate("weights"), _describe_weights(model)
    yield translate("made with"), join_list(f"{name} {version}" for name, version in model.versions.items())
    if light is not None:
        yield translate("their light"), str(light)
    if training.suspects:
        images = count_images(len(training.suspects))
        yield translate("left out"), translate("{images} unlike the others", images=images)


def _describe_images(model: Model) -> str:
    return translate(
        "{images:,} images of {parts:,} parts ({how})",
        images=model.training.count,
        parts=len(set(model.training.groups.tolist())),
        how=translate_kept(model.training.grouped_by),
    )


def _describe_sizes(model: Model) -> str:
    (narrow, wide), (small, large) = model.admission.aspect, model.admission.longest
    return translate(
        "longer side {small:,} to {large:,} px, width / height {narrow:.3g} to {wide:.3g}",
        small=small,
        large=large,
        narrow=narrow,
        wide=wide,
    )


def _describe_weights(model: Model) -> str:
    network = model.detector.plan.network
    if network is None:
        return f"{model.detector.settings.declared_backbone.title}, SHA-256 {model.weights_sha256}"
    judged = len(model.training.judged)
    if not judged:
        return translate("learned from these images")
    return translate("learned from these images, without the {count:,} that set the threshold", count=judged)


def _describe_detector(model: Model) -> str:
    plan, described = model.detector.plan, model.detector.state()[0]
    layers = [] if plan.network else [",".join(plan.features.layers)]
    words = [model.detector.kind, *layers, _describe_input(plan.features)]
    words += [] if plan.network else [plan.features.normalization]
    if "density" in described:
        words.append(described["density"]["name"])
    if plan.grid is not None:
        words.append(translate("{rows} x {columns} cells", rows=plan.shape[0], columns=plan.shape[1]))
    if plan.locator is not None:
        words.append(translate_count("parts located", "{count} parts located", plan.pieces))
    if plan.alignment is not None:
        words.append(translate("parts aligned"))
    if plan.interest:
        words.append(translate("part of the image ignored"))
    return join_list(words)


def _describe_input(features: FeatureSettings) -> str:
    height, width = features.shape
    if height == width:
        return f"{height} px"
    return translate("{height} x {width} px (height x width)", height=height, width=width)
