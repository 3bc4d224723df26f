"""A report on its way to a file: pictures read, the digest of the model, written whole or not at all."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QImage, QPdfWriter

import anomaly_gui
from anomaly_gui.detection.images.decoding.depth import OWN_DEPTH
from anomaly_gui.detection.images.loading import decode_small
from anomaly_gui.errors import ImageRefusedError, UserError
from anomaly_gui.gui.report.page_parts import DIGEST, PICTURE_WIDTH, PLOT_HEIGHT, PLOT_WIDTH
from anomaly_gui.gui.report.pages import make_documents, paint_documents, prepare_page
from anomaly_gui.gui.work.pictures.pictures import to_image
from anomaly_gui.language import translate
from anomaly_gui.paths import atomic_write
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.gui.report.page_parts import Report

_DENSITY = 2  # pixels of a picture to a unit
_RESOLUTION = 1200  # dots an inch that places are rounded to


def read_pictures(report: Report) -> dict[str, QImage]:
    """Decode the pictures of a report and draw its plot, by their names; what cannot be read is left out."""
    found = {}
    for index, path in enumerate(report.pictures):
        image = _read_picture(path)
        if image is not None:
            found[f"picture-{index}"] = image
    if report.plot is not None:
        found["plot"] = report.plot.draw_image(PLOT_WIDTH, PLOT_HEIGHT)
    return found


def _read_picture(path: Path) -> QImage | None:
    try:
        pixels = decode_small(path, _DENSITY * PICTURE_WIDTH, depth=OWN_DEPTH)
    except ImageRefusedError:
        return None
    return to_image(pixels)


def fill_in_digest(report: Report) -> Report:
    """Return a report with the digest of the model's file; OSError where that cannot be read."""
    found = "–"
    if report.model is not None:
        digest = hashlib.sha256()
        with report.model.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        found = digest.hexdigest()
    return replace(report, sections=tuple(text.replace(DIGEST, found) for text in report.sections))


def write_pdf(report: Report, file: Path) -> int:
    """Write a report as PDF, in any thread, and return how many pages it has.

    Raises UserError where a file cannot be read or written.
    """
    try:
        content, count = _render_pdf(fill_in_digest(report))
        with atomic_write(file) as out:
            out.write(content)
    except OSError as error:
        why = explain_os_error(error)
        text = translate("{file} cannot be written ({why}): choose another place.", file=file, why=why)
        raise UserError(text) from error
    return count


def _render_pdf(report: Report) -> tuple[bytes, int]:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(report.title)
    writer.setCreator(f"Anomaly GUI {anomaly_gui.__version__}")
    writer.setResolution(_RESOLUTION)
    prepare_page(writer)
    count = paint_documents(make_documents(report, read_pictures(report)), writer, report.footer)
    buffer.close()
    return bytes(QByteArray(buffer.data()).data()), count
