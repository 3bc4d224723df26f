"""Icons of one family, drawn in the colours of the scheme; `resources/icons` has them as outlines."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from anomaly_gui.gui.style.scheme import current_scheme
from anomaly_gui.gui.style.tokens import ICON, SCHEMES
from anomaly_gui.paths import resource

_LINE, _ACCENT = "#000000", "#ff00ff"  # what the files are drawn in
_NAME = "icon_name"  # the property that remembers it, for another scheme
_SCALES = (1, 2)


def set_icon(target: QAction | QAbstractButton, name: str) -> None:
    """Give an action or a button an icon of the family, that follows the scheme.

    Raises `FileNotFoundError` for a name that the family does not have.
    """
    target.setProperty(_NAME, name)
    renew_icon(target)


def renew_icon(target: QObject) -> None:
    """Draw the icon of an action or a button anew, if it has one: its ground may be another one now."""
    name = target.property(_NAME)
    if name and isinstance(target, QAction | QAbstractButton):
        target.setIcon(make_icon(str(name), on_accent=bool(target.property("primary"))))


def make_icon(name: str, *, on_accent: bool = False) -> QIcon:
    """Return an icon in the colours of the scheme: of text, of what cannot be used, and of what is chosen."""
    return _draw_icon(name, current_scheme().name, on_accent)


@cache
def _draw_icon(name: str, scheme_name: str, on_accent: bool) -> QIcon:
    scheme, icon = SCHEMES[scheme_name], QIcon()
    plain = scheme.on_accent if on_accent else scheme.text
    for mode, state, colour in (
        (QIcon.Mode.Normal, QIcon.State.Off, plain),
        (QIcon.Mode.Disabled, QIcon.State.Off, scheme.disabled),
        (QIcon.Mode.Disabled, QIcon.State.On, scheme.disabled),
        (QIcon.Mode.Normal, QIcon.State.On, scheme.accent_text),
    ):
        for scale in _SCALES:
            icon.addPixmap(draw_picture(name, QSize(ICON, ICON), colour, scale), mode, state)
    return icon


def draw_picture(name: str, size: QSize, colour: str, scale: float = 1.0) -> QPixmap:
    """Return a drawing of the family as large as it fits into a size, in a colour and the accent."""
    text = _read_drawing(name).replace(_LINE, colour).replace(_ACCENT, current_scheme().accent_text)
    renderer = QSvgRenderer(QByteArray(text.encode()))
    image = QImage(size * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    fitted = renderer.defaultSize().scaled(image.size(), Qt.AspectRatioMode.KeepAspectRatio)
    area = QRectF(0, 0, fitted.width(), fitted.height())
    area.moveCenter(QRectF(image.rect()).center())
    painter = QPainter(image)
    renderer.render(painter, area)
    painter.end()
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(scale)
    return pixmap


@cache
def _read_drawing(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text("utf-8")


def redraw_icons() -> None:
    """Draw every icon in sight in the colours of the scheme that is in use now."""
    for widget in QApplication.allWidgets():
        renew_icon(widget)
        for action in widget.actions():
            renew_icon(action)


def name_of_icon(target: QAction | QWidget) -> str:
    """Return which icon of the family an action or a button has, nothing for none."""
    return str(target.property(_NAME) or "")
