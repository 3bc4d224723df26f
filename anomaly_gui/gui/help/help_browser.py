"""Shows one help page: Markdown drawn as HTML, pictures at the width of the text, links followed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontDatabase,
    QGuiApplication,
    QImage,
    QImageReader,
    QKeyEvent,
    QKeySequence,
    QPalette,
    QResizeEvent,
    QTextDocument,
)
from PySide6.QtWidgets import QMenu, QTextBrowser

from anomaly_gui.gui.help.help_pages import find_file, find_original, render_page, restore_hyphens
from anomaly_gui.paths import resource

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_MARGIN = 24  # pixels around the text
_PICTURE_WIDTH = 720  # pixels: wider pictures are drawn smaller, and smaller yet in a narrow window
_SETTLED = 150  # milliseconds after the last change of the window's size
_ANY = QTextDocument.ResourceType.UnknownResource
_STYLE = """
body {{ color: {text}; }}
a {{ color: {link}; text-decoration: none; }}
h1 {{ font-size: xx-large; margin-top: 0px; margin-bottom: 12px; }}
h2 {{ font-size: x-large; margin-top: 26px; margin-bottom: 8px; }}
h3 {{ font-size: large; margin-top: 16px; margin-bottom: 2px; }}
p {{ margin-top: 6px; margin-bottom: 8px; }}
li {{ margin-bottom: 4px; }}
table {{ border-collapse: collapse; border-color: {line}; margin-top: 6px; margin-bottom: 10px; }}
td, th {{ border: 1px solid {line}; }}
th {{ background-color: {ground}; font-weight: bold; text-align: left; }}
td.code {{ background-color: {ground}; border: 0px; }}
pre, code {{ font-family: "{fixed}"; }}
pre {{ white-space: pre-wrap; }}
code {{ background-color: {ground}; }}
"""


class HelpBrowser(QTextBrowser):
    """A text browser over the help pages; pages of the internet open in the system's browser."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenExternalLinks(True)
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        )  # else it takes width from pictures
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self._drawn_width = 0
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED)
        self._settling.timeout.connect(self._draw_again)
        self._restyle()

    def doSetSource(self, url: QUrl | str, /, type: QTextDocument.ResourceType = _ANY) -> None:  # noqa: A002, ARG002
        # Qt would take the ending .md for Markdown, of which it makes no anchors
        super().doSetSource(_translate_address(QUrl(url)), QTextDocument.ResourceType.HtmlResource)

    def loadResource(self, kind: int, url: QUrl | str) -> Any:
        path = Path(QUrl(url).toLocalFile())
        if not path.is_file():
            return super().loadResource(kind, url)
        if kind == QTextDocument.ResourceType.HtmlResource.value:
            return render_page(path.read_text("utf-8"), find_original(path).read_text("utf-8"))
        if kind == QTextDocument.ResourceType.ImageResource.value:
            return self._read_picture(path)
        return super().loadResource(kind, url)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_text()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self.tr("Copy"))
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setEnabled(self.textCursor().hasSelection())
        copy.triggered.connect(self.copy_text)
        menu.addAction(self.tr("Select all")).triggered.connect(self.selectAll)
        menu.popup(event.globalPos())

    @Slot()
    def copy_text(self) -> None:
        """Copy what is selected as text alone: commands are pasted into terminals.

        The clipboard gets no object of Python's: it would destroy that after Python has ended.
        """
        if self.textCursor().hasSelection():
            text = restore_hyphens(self.textCursor().selection().toPlainText())
            QGuiApplication.clipboard().setText(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._restyle()
            self._draw_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._drawn_width and self._drawn_width != self._find_picture_width():
            self._settling.start()

    @Slot()
    def _draw_again(self) -> None:
        bar = self.verticalScrollBar()
        position, height = bar.value(), max(1, bar.maximum())
        self._drawn_width = 0
        self.reload()
        bar.setValue(round(position * bar.maximum() / height))

    def _find_picture_width(self) -> int:
        return min(_PICTURE_WIDTH, self.viewport().width() - 2 * _MARGIN)

    def _read_picture(self, path: Path) -> QImage:
        """Read a picture no wider than the text, sharp on screens of any scale."""
        reader = QImageReader(str(path))
        scale = self.devicePixelRatioF()
        self._drawn_width = self._find_picture_width()
        width = min(reader.size().width(), self._drawn_width)
        height = round(reader.size().height() * width / max(1, reader.size().width()))
        reader.setScaledSize(QSize(round(width * scale), round(height * scale)))
        image = reader.read()
        image.setDevicePixelRatio(scale)
        return image

    def _restyle(self) -> None:
        palette = self.palette()
        text, base = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
        style = _STYLE.format(
            text=text.name(),
            link=palette.color(QPalette.ColorRole.Link).name(),
            line=_mix(text, base, 0.3),
            ground=_mix(text, base, 0.08),
            fixed=QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family(),
        )
        self.document().setDefaultStyleSheet(style)
        self.document().setDocumentMargin(_MARGIN)


def _mix(first: QColor, second: QColor, share: float) -> str:
    """Return a colour between two: `share` of the first."""
    pairs = (
        (first.red(), second.red()),
        (first.green(), second.green()),
        (first.blue(), second.blue()),
    )
    return QColor(*(round(share * one + (1 - share) * other) for one, other in pairs)).name()


def _translate_address(url: QUrl) -> QUrl:
    """Return the address of a page in the language in use; what is no page in English stays."""
    path = Path(url.toLocalFile())
    if path.parent != resource("help"):
        return url
    translated = QUrl.fromLocalFile(str(find_file(path.name)))
    if url.hasFragment():
        translated.setFragment(url.fragment())
    return translated
