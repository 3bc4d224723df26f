"""Shows one help page: Markdown drawn as HTML, pictures at the width of the text, links followed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, QUrl
from PySide6.QtGui import QColor, QFontDatabase, QImage, QImageReader, QPalette, QTextDocument
from PySide6.QtWidgets import QTextBrowser

from anomaly_gui.gui.help.help_pages import render_page

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_MARGIN = 24  # pixels around the text
_PICTURE_WIDTH = 720  # pixels: wider pictures are drawn smaller
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
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self._restyle()

    def doSetSource(self, url: QUrl, kind: QTextDocument.ResourceType) -> None:  # noqa: ARG002 - Qt's signature
        # Qt would take the ending .md for Markdown, of which it makes no anchors
        super().doSetSource(url, QTextDocument.ResourceType.HtmlResource)

    def loadResource(self, kind: int, url: QUrl) -> Any:
        path = Path(url.toLocalFile())
        if not path.is_file():
            return super().loadResource(kind, url)
        if kind == QTextDocument.ResourceType.HtmlResource.value:
            return render_page(path.read_text("utf-8"))
        if kind == QTextDocument.ResourceType.ImageResource.value:
            return self._read_picture(path)
        return super().loadResource(kind, url)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            position = self.verticalScrollBar().value()
            self._restyle()
            self.reload()
            self.verticalScrollBar().setValue(position)

    def _read_picture(self, path: Path) -> QImage:
        """Read a picture no wider than the text, sharp on screens of any scale."""
        reader = QImageReader(str(path))
        scale = self.devicePixelRatioF()
        width = min(reader.size().width(), _PICTURE_WIDTH)
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
            link="#1a5fb4" if base.lightness() > 127 else "#8ab4f8",
            line=_mix(text, base, 0.3),
            ground=_mix(text, base, 0.08),
            fixed=QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family(),
        )
        self.document().setDefaultStyleSheet(style)
        self.document().setDocumentMargin(_MARGIN)


def _mix(first: QColor, second: QColor, share: float) -> str:
    """Return a colour between two: `share` of the first."""
    parts = zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)  # type: ignore[arg-type] # a tuple
    return QColor(*(round(share * one + (1 - share) * other) for one, other in parts)).name()
