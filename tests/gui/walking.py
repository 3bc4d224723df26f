"""Walks the widgets of a window and tells what nobody could read, reach or have read aloud."""

import re
from collections import Counter
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenuBar,
    QScrollBar,
    QTabBar,
    QToolBar,
    QWidget,
)

from anomaly_gui.gui.style.parts import ElidedLabel
from anomaly_gui.gui.style.tokens import contrast

LEAST_CONTRAST = 4.5
ACTIVE = (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit, QAbstractSlider, QAbstractItemView)
OF_QT = ("qt_dockwidget", "qt_toolbar_ext", "qt_spinbox", "qt_tabwidget", "qt_scrollarea", "ScrollLeft")
SAME_ROW = 14  # pixels


def describe(widget):
    text = getattr(widget, "text", None)
    said = text() if callable(text) and not isinstance(widget, QAbstractSpinBox) else ""
    parents, parent = [], widget.parentWidget()
    while parent is not None and len(parents) < 3:
        parents.append(type(parent).__name__)
        parent = parent.parentWidget()
    return f"{type(widget).__name__} {said[:40]!r} in {' in '.join(parents)}"


def list_shown(window):
    """Return the widgets in sight, without those that Qt makes for itself inside others."""
    found = []
    for widget in window.findChildren(QWidget):
        inside_field = isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox)
        if widget.isVisible() and widget.window() is window and not inside_field and not _is_of_qt(widget):
            found.append(widget)
    return found


def _is_of_qt(widget):
    name, parent = widget.objectName(), widget.parentWidget()
    is_part = isinstance(widget, QScrollBar | QHeaderView) or any(name.startswith(one) for one in OF_QT)
    return is_part or isinstance(parent, QTabBar)


# Clipped text


def list_clipped(window):
    found = [describe(widget) for widget in list_shown(window) if _is_clipped(widget)]
    for header in window.findChildren(QHeaderView):
        if header.isVisible() and header.window() is window:
            found += _list_cut_titles(header)
    return found


def _list_cut_titles(header):
    """Return the titles of columns that are wider than these."""
    if header.orientation() == Qt.Orientation.Vertical:
        return []
    return [
        f"column {header.model().headerData(column, Qt.Orientation.Horizontal)!r} in {describe(header)}"
        for column in range(header.count())
        if not header.isSectionHidden(column)
        and header.sectionSizeHint(column) > header.sectionSize(column) + 1
    ]


def _is_clipped(widget):
    if isinstance(widget, ElidedLabel):
        return bool(widget.text()) and not widget.toolTip()
    if isinstance(widget, QLabel):
        return bool(widget.text()) and (_is_label_too_small(widget) or _sticks_out(widget))
    if isinstance(widget, QAbstractButton):
        needed = widget.sizeHint()
        return bool(widget.text()) and (needed.width() > widget.width() + 1 or _sticks_out(widget))
    if isinstance(widget, QTabBar):
        return any(
            widget.fontMetrics().horizontalAdvance(widget.tabText(tab)) > widget.tabRect(tab).width() - 12
            for tab in range(widget.count())
        )
    if isinstance(widget, QComboBox):
        return widget.fontMetrics().horizontalAdvance(widget.currentText()) > widget.width() - 30
    if isinstance(widget, QLineEdit):
        hint = widget.placeholderText()
        return not widget.text() and widget.fontMetrics().horizontalAdvance(hint) > widget.width() - 12
    if isinstance(widget, QAbstractSpinBox):
        edit = widget.lineEdit()
        return edit.fontMetrics().horizontalAdvance(edit.text()) > edit.width() - 2
    return False


def _is_label_too_small(label):
    if label.wordWrap():
        words = label.fontMetrics()
        longest = max((words.horizontalAdvance(word) for word in _list_unbroken(label.text())), default=0)
        is_rich = "<" in label.text()
        return label.heightForWidth(label.width()) > label.height() + 1 or (
            not is_rich and longest > label.width()
        )
    return label.sizeHint().width() > label.width() + 1 or label.sizeHint().height() > label.height() + 1


def _list_unbroken(text):
    """Return what a line never ends in: words, and Chinese letters each by itself."""
    return re.findall(r"[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+", text)


def _sticks_out(widget):
    """Tell whether a part of a widget is out of sight, and no scrolling brings it back."""
    area, at = QRect(QPoint(), widget.size()), widget
    while at.parentWidget() is not None and not at.isWindow():
        area.translate(at.pos())
        at = at.parentWidget()
        scrolls = isinstance(at.parentWidget(), QAbstractScrollArea) and at is at.parentWidget().viewport()
        inside = at.rect()
        if area.left() < inside.left() - 1 or area.right() > inside.right() + 1:
            return True
        if scrolls:
            return False  # up and down it can be scrolled to
        if area.top() < inside.top() - 1 or area.bottom() > inside.bottom() + 1:
            return True
    return False


# Names


def list_nameless(window):
    """Return what can be used and has no name to be read aloud, or no role."""
    return [
        describe(widget)
        for widget in list_shown(window)
        if (isinstance(widget, ACTIVE) or _takes_keys(widget)) and _is_nameless(widget)
    ]


def _takes_keys(widget):
    """Tell whether Tab goes there, and not only to scroll what is inside."""
    is_area = isinstance(widget, QAbstractScrollArea) and not isinstance(widget, QAbstractItemView)
    passes_on = is_area or widget.focusProxy() or isinstance(widget.parentWidget(), QAbstractScrollArea)
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and not passes_on


def _is_nameless(widget):
    if isinstance(widget, QAbstractSlider) and widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
        return False
    interface = QAccessible.queryAccessibleInterface(widget)
    name = interface.text(QAccessible.Text.Name).strip()
    is_wordless = not any(letter.isalnum() for letter in name)
    roleless = (QAccessible.Role.NoRole, QAccessible.Role.Client)  # Client: what draws and hears for itself
    return is_wordless or (isinstance(widget, ACTIVE) and interface.role() in roleless)


# Keys


def list_unreachable(window):
    """Return what can be clicked and not be reached by Tab or by a shortcut."""
    return [
        describe(widget)
        for widget in list_shown(window)
        if isinstance(widget, ACTIVE)
        and widget.isEnabled()
        and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not _has_other_way(widget)
    ]


def _has_other_way(widget):
    if isinstance(widget.parentWidget(), QToolBar | QDockWidget | QMenuBar):
        return True  # in a menu as well
    return any(not action.shortcut().isEmpty() for action in widget.actions()) or isinstance(
        widget, QScrollBar
    )


def walk_by_tab(window):
    """Press Tab until it comes round; return the widgets in the order they had the focus."""
    visited = []
    for _ in range(400):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        at = QApplication.focusWidget()
        if at is None or at in visited:
            break
        visited.append(at)
    return visited


def list_backward_steps(visited):
    """Return steps of Tab that go up, or left in a row, among what shares a parent."""
    wrong = []
    for before, after in pairwise(visited):
        if before.parentWidget() is not after.parentWidget():
            continue
        a, b = before.geometry(), after.geometry()
        same_row = abs(a.center().y() - b.center().y()) < SAME_ROW
        if (same_row and b.left() < a.left()) or (not same_row and b.center().y() < a.center().y()):
            wrong.append(f"{describe(before)} -> {describe(after)}")
    return wrong


# Contrast


def list_pale(window):
    """Return texts that stand out too little from what is behind them, as drawn."""
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = pixels[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    pale = []
    for widget in list_shown(window):
        if not _has_text(widget) or not widget.isEnabled() or widget.visibleRegion().isEmpty():
            continue
        seen = widget.visibleRegion().boundingRect()
        if seen.height() < widget.height():
            continue  # scrolled half out of sight: the part with the text may be gone
        corner = widget.mapTo(window, seen.topLeft())
        part = pixels[corner.y() : corner.y() + seen.height(), corner.x() : corner.x() + seen.width()]
        found = measure_contrast(part)
        if found < LEAST_CONTRAST:
            pale.append(f"{describe(widget)}: {found:.1f}")
    return pale


def _has_text(widget):
    if isinstance(widget, QLabel):
        return bool(widget.text().strip(" –…"))
    return isinstance(widget, QAbstractButton | QComboBox) and bool(
        getattr(widget, "text", widget.objectName)()
    )


def measure_contrast(pixels):
    """Return the contrast of the strongest colour with the most common one, of (height, width, 3) uint8."""
    colours = Counter(map(tuple, pixels.reshape(-1, 3).tolist()))
    if len(colours) < 2:
        return 21.0  # nothing is drawn
    ground = "#{:02x}{:02x}{:02x}".format(*colours.most_common(1)[0][0])
    return max(contrast(ground, "#{:02x}{:02x}{:02x}".format(*one)) for one in colours)
