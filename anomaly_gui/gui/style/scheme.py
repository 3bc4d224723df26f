"""Which scheme is drawn now, and the palette that Qt's own drawing takes from it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from anomaly_gui.gui.style.tokens import DARK, LIGHT, Scheme

_FAINT = "faint_text"  # the property that remembers it
_DARK_BELOW = 128  # lightness of the window's ground, of 255


def is_dark() -> bool:
    """Tell whether the window is drawn light on dark."""
    return QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < _DARK_BELOW


def current_scheme() -> Scheme:
    """Return the colours in use."""
    return DARK if is_dark() else LIGHT


def find_system_scheme() -> Scheme:
    """Return the scheme that the system asks for; where it does not say, that of its palette."""
    asked = QGuiApplication.styleHints().colorScheme()
    if asked == Qt.ColorScheme.Unknown:
        return current_scheme()
    return DARK if asked == Qt.ColorScheme.Dark else LIGHT


def make_faint(widget: QWidget) -> None:
    """Give a widget's text the colour of what explains, in this scheme and in any later one."""
    widget.setProperty(_FAINT, True)
    palette = widget.palette()
    palette.setColor(QPalette.ColorRole.WindowText, QColor(current_scheme().faint))
    widget.setPalette(palette)


def renew_faint_texts() -> None:
    """Give every text that explains the colour of the scheme in use."""
    for widget in QApplication.allWidgets():
        if widget.property(_FAINT):
            make_faint(widget)


def make_palette(scheme: Scheme) -> QPalette:
    """Return a palette of a scheme's colours."""
    role, palette = QPalette.ColorRole, QPalette()
    colours = {
        role.Window: scheme.window,
        role.WindowText: scheme.text,
        role.Base: scheme.surface,
        role.AlternateBase: scheme.window,
        role.Text: scheme.text,
        role.Button: scheme.surface,
        role.ButtonText: scheme.text,
        role.BrightText: scheme.defect,
        role.ToolTipBase: scheme.surface,
        role.ToolTipText: scheme.text,
        role.PlaceholderText: scheme.faint,
        role.Highlight: scheme.accent,
        role.HighlightedText: scheme.on_accent,
        role.Accent: scheme.accent_text,
        role.Link: scheme.accent_text,
        role.LinkVisited: scheme.accent_text,
        role.Light: scheme.surface,
        role.Midlight: scheme.raised,
        role.Mid: scheme.line,
        role.Dark: scheme.edge,
        role.Shadow: scheme.edge,
    }
    for key, colour in colours.items():
        palette.setColor(key, QColor(colour))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(scheme.disabled))
    return palette
