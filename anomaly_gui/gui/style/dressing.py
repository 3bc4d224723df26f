"""Gives the application its look, and another when the system's scheme changes."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QDir, QObject, Slot
from PySide6.QtWidgets import QApplication

from anomaly_gui.gui.style.focus_ring import FocusRings
from anomaly_gui.gui.style.icons import redraw_icons
from anomaly_gui.gui.style.scheme import find_system_scheme, make_palette, renew_faint_texts
from anomaly_gui.gui.style.sheet import write_sheet
from anomaly_gui.gui.style.tokens import Scheme
from anomaly_gui.paths import resource


class Dressing(QObject):
    """Keeps an application in the scheme of its system; it lives as long as the application."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.rings = FocusRings(app)
        app.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    def wear(self, scheme: Scheme) -> None:
        """Draw everything in a scheme from now on."""
        pg.setConfigOptions(background=scheme.surface, foreground=scheme.text)  # of plots yet to be made
        if self._app.styleSheet():
            self._app.setStyleSheet(
                ""
            )  # gives widgets back the colours they had before it, so it comes first
        self._app.setPalette(make_palette(scheme))
        self._app.setStyleSheet(write_sheet(scheme))
        redraw_icons()
        renew_faint_texts()

    @Slot()
    def _on_scheme_changed(self) -> None:
        self.wear(find_system_scheme())


def dress_application(app: QApplication) -> Dressing:
    """Give an application its look before its first window is made."""
    QDir.setSearchPaths("icons", [str(resource("icons"))])
    scheme = find_system_scheme()  # before the style brings a palette of its own
    app.setStyle("fusion")  # the same shapes on every system, under the sheet
    dressing = Dressing(app)
    dressing.wear(scheme)
    return dressing
