"""A report on its way to paper or a file: pictures read, pages laid out, written whole or not at all."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextTable,
    QTransform,
)

import anomaly_gui
from anomaly_gui.detection.images.decoding.depth import OWN_DEPTH
from anomaly_gui.detection.images.loading import decode_small
from anomaly_gui.errors import ImageRefusedError, UserError
from anomaly_gui.gui.report.page_parts import DIGEST, PICTURE_WIDTH, PLOT_HEIGHT, PLOT_WIDTH
from anomaly_gui.gui.report.report_fonts import choose_font
from anomaly_gui.paths import atomic_write

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QPagedPaintDevice

    from anomaly_gui.gui.report.page_parts import Report

_UNITS = 96  # units of the layout to an inch
_MARGIN = 16.0  # millimetres
_FOOT = 30  # units at the foot of a page, for its line
_FEW_ROWS = 8  # of a table that is not cut
_DENSITY = 2  # pixels of a picture to a unit
_STYLE = """
body { color: #111111; }
h1 { font-size: 20pt; margin-top: 0px; margin-bottom: 6px; }
h2 { font-size: 13pt; margin-top: 14px; margin-bottom: 4px; }
p { margin-top: 2px; margin-bottom: 6px; }
td.name { color: #555555; }
table.lines { border-collapse: collapse; border-color: #999999; }
table.lines td, table.lines th { border: 1px solid #999999; }
table.lines th { background-color: #eeeeee; }
table.gallery td { font-size: 8pt; }
"""


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
    height, width, _ = pixels.shape
    return QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def fill_in_digest(report: Report) -> str:
    """Return a report's body with the digest of the model's file."""
    if report.model is None:
        return report.body.replace(DIGEST, "–")
    with report.model.open("rb") as file:
        digest = hashlib.sha256()
        while block := file.read(1 << 20):
            digest.update(block)
    return report.body.replace(DIGEST, digest.hexdigest())


def make_document(report: Report, body: str, pictures: dict[str, QImage]) -> QTextDocument:
    """Return the report, laid out once its page size is set."""
    document = QTextDocument()
    document.setDefaultStyleSheet(_STYLE)
    document.setDefaultFont(choose_font(report.title + body))
    document.setUseDesignMetrics(True)
    document.setDocumentMargin(0)
    for name, image in pictures.items():
        document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), image)
    document.setHtml(f"<body>{body}</body>")
    return document


def paint_document(document: QTextDocument, device: QPagedPaintDevice, footer: str) -> int:
    """Paint all pages, each with its number; return how many there are."""
    painter = QPainter(device)
    scale = device.logicalDpiX() / _UNITS
    painter.scale(scale, scale)
    width, height = device.width() / scale, device.height() / scale - _FOOT
    document.setPageSize(QSizeF(width, height))
    _keep_tables_whole(document, height)
    _keep_headings_below(document, height)
    count = document.pageCount()
    for page in range(count):
        if page:
            device.newPage()
        painter.save()
        painter.setTransform(QTransform.fromTranslate(0, -page * height), True)
        document.drawContents(painter, QRectF(0, page * height, width, height))
        painter.restore()
        _paint_foot(
            painter,
            document.defaultFont(),
            QRectF(0, height + 8, width, _FOOT - 8),
            footer,
            f"{page + 1} / {count}",
        )
    painter.end()
    return count


def _keep_tables_whole(document: QTextDocument, height: float) -> None:
    """Begin a page before each small table that would be cut."""
    layout = document.documentLayout()
    for frame in document.rootFrame().childFrames():
        area = layout.frameBoundingRect(frame)
        is_cut = area.top() // height != (area.bottom() - 1) // height
        if is_cut and isinstance(frame, QTextTable) and frame.rows() <= _FEW_ROWS:
            of_frame = frame.frameFormat()
            of_frame.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
            frame.setFrameFormat(of_frame)


def _keep_headings_below(document: QTextDocument, height: float) -> None:
    """Begin a page before each heading whose text would be on the next."""
    layout, block = document.documentLayout(), document.begin()
    on_new_page = QTextBlockFormat()
    on_new_page.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
    while block.isValid():
        below = block.next()
        if block.blockFormat().headingLevel() and below.isValid():
            ends = [layout.blockBoundingRect(each).bottom() - 1 for each in (block, below)]
            if ends[0] // height != ends[1] // height:
                QTextCursor(block).mergeBlockFormat(on_new_page)
        block = below


def _paint_foot(painter: QPainter, font: QFont, area: QRectF, text: str, number: str) -> None:
    small = QFont(font)
    small.setPixelSize(10)
    painter.setFont(small)
    painter.setPen(Qt.GlobalColor.darkGray)
    side = Qt.AlignmentFlag
    painter.drawText(area, side.AlignLeft | side.AlignVCenter, text)
    painter.drawText(area, side.AlignRight | side.AlignVCenter, number)


def write_pdf(report: Report, file: Path) -> int:
    """Write a report as PDF, in any thread, and return how many pages it has.

    Raises UserError where a file cannot be read or written.
    """
    try:
        body = fill_in_digest(report)
        document = make_document(report, body, read_pictures(report))
        content, count = _render_pdf(document, report)
        with atomic_write(file) as out:
            out.write(content)
    except OSError as error:
        raise UserError(f"{file} cannot be written ({error.strerror}): choose another place.") from error
    return count


def _render_pdf(document: QTextDocument, report: Report) -> tuple[bytes, int]:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(report.title)
    writer.setCreator(f"Anomaly GUI {anomaly_gui.__version__}")
    writer.setResolution(1200)
    prepare_page(writer)
    count = paint_document(document, writer, report.footer)
    buffer.close()
    return bytes(QByteArray(buffer.data()).data()), count


def prepare_page(device: QPagedPaintDevice) -> None:
    """Take A4 with margins to punch holes in."""
    device.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    device.setPageMargins(QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN), QPageLayout.Unit.Millimeter)
