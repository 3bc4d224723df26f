"""The pages of a report: sections laid out, small tables and headings kept whole, a line at each foot."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextTable,
    QTransform,
)

from anomaly_gui.gui.report.report_fonts import choose_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPagedPaintDevice

    from anomaly_gui.gui.report.page_parts import Report

_UNITS = 96  # units of the layout to an inch
_MARGIN = 16.0  # millimetres
_FOOT = 30  # units at the foot of a page, for its line
_REST = 0.002  # seconds before each page: Python's lock goes to the window, whose thread waits for it
_FEW_ROWS = 8  # of a table that is not cut
_STYLE = """
body { color: #111111; }
h1 { font-size: 20pt; margin-top: 0px; margin-bottom: 6px; }
h2 { font-size: 13pt; margin-top: 14px; margin-bottom: 4px; }
p { margin-top: 2px; margin-bottom: 6px; }
td.name { color: #555555; }
span.digest { font-size: 8pt; }
table.lines { border-collapse: collapse; border-color: #999999; }
table.lines td, table.lines th { border: 1px solid #999999; }
table.lines th { background-color: #eeeeee; }
table.gallery td { font-size: 8pt; }
"""


@dataclass(frozen=True)
class _Paper:
    """Where pages are painted: width and height of their text, in units of the layout."""

    painter: QPainter
    device: QPagedPaintDevice
    width: float
    height: float


def make_documents(report: Report, pictures: dict[str, QImage]) -> list[QTextDocument]:
    """Return the sections of a report, each a document.

    One of all would be as simple; laying out thousands of lines at a stretch would hold up the window.
    """
    font = choose_font(report.title + "".join(report.sections))
    return [_make_document(section, font, pictures) for section in report.sections]


def _make_document(section: str, font: QFont, pictures: dict[str, QImage]) -> QTextDocument:
    document = QTextDocument()
    document.setDefaultStyleSheet(_STYLE)
    document.setDefaultFont(font)
    document.setUseDesignMetrics(True)
    document.setDocumentMargin(0)
    for name, image in pictures.items():
        document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), image)
    document.setHtml(f"<body>{section}</body>")
    return document


def paint_documents(documents: list[QTextDocument], device: QPagedPaintDevice, footer: str) -> int:
    """Paint all sections, each from a new page on, and return how many pages there are."""
    painter = QPainter(device)
    scale = device.logicalDpiX() / _UNITS
    painter.scale(scale, scale)
    paper = _Paper(painter, device, device.width() / scale, device.height() / scale - _FOOT)
    for document in documents:
        _lay_out(document, paper)
    count, first = sum(document.pageCount() for document in documents), 0
    for document in documents:
        for page in range(document.pageCount()):
            if first + page:
                device.newPage()
            _paint_page(document, page, paper)
            _paint_foot(document.defaultFont(), paper, footer, f"{first + page + 1} / {count}")
        first += document.pageCount()
    painter.end()
    return count


def _lay_out(document: QTextDocument, paper: _Paper) -> None:
    time.sleep(_REST)
    document.setPageSize(QSizeF(paper.width, paper.height))
    _keep_tables_whole(document, paper.height)
    _keep_headings_below(document, paper.height)


def _paint_page(document: QTextDocument, page: int, paper: _Paper) -> None:
    time.sleep(_REST)
    top = page * paper.height
    paper.painter.save()
    paper.painter.setTransform(QTransform.fromTranslate(0, -top), True)
    document.drawContents(paper.painter, QRectF(0, top, paper.width, paper.height))
    paper.painter.restore()


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


def _paint_foot(font: QFont, paper: _Paper, text: str, number: str) -> None:
    small = QFont(font)
    small.setPixelSize(10)
    area = QRectF(0, paper.height + 8, paper.width, _FOOT - 8)
    paper.painter.setFont(small)
    paper.painter.setPen(Qt.GlobalColor.darkGray)
    side = Qt.AlignmentFlag
    paper.painter.drawText(area, side.AlignLeft | side.AlignVCenter, text)
    paper.painter.drawText(area, side.AlignRight | side.AlignVCenter, number)


def prepare_page(device: QPagedPaintDevice) -> None:
    """Take A4 with margins to punch holes in."""
    device.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    device.setPageMargins(QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN), QPageLayout.Unit.Millimeter)
