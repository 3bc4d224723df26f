"""The application's style sheet, written from the tokens.

It sets no colour or size of plain labels: those come from palette and font, which a sheet would overrule.
"""

from __future__ import annotations

from dataclasses import asdict
from string import Template
from typing import TYPE_CHECKING

from anomaly_gui.gui.style import tokens

if TYPE_CHECKING:
    from anomaly_gui.gui.style.tokens import Scheme

_WINDOWS = """
QMainWindow, QDialog, QWizard { background: $window; }
QMainWindow::separator { background: $window; width: 6px; height: 6px; }
QMainWindow::separator:hover { background: $accent_soft; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QToolTip { background: $surface; color: $text; border: 1px solid $edge; padding: 4px 8px; }
QStatusBar { background: $window; border-top: 1px solid $line; padding: 2px 8px; }
QStatusBar::item { border: none; }
QStatusBar QLabel { padding: 0 8px; }
QDockWidget { titlebar-close-icon: url(icons:parts/close.svg);
    titlebar-normal-icon: url(icons:parts/float.svg); }
QDockWidget::title { background: $window; padding: 6px 8px 2px 8px; text-align: left; }
QDockWidget::close-button, QDockWidget::float-button { background: transparent; border: none;
    border-radius: 4px; padding: 2px; }
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: $raised; }
QMessageBox { messagebox-question-icon: url(icons:parts/box-question.svg);
    messagebox-information-icon: url(icons:parts/box-information.svg);
    messagebox-warning-icon: url(icons:parts/box-warning.svg);
    messagebox-critical-icon: url(icons:parts/box-critical.svg); }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
"""

_CARDS = """
QFrame[card="true"] { background: $surface; border: 1px solid $line; border-radius: 8px; }
QFrame[notice="true"] { background: $accent_soft; border: 1px solid $accent_text; border-radius: 8px; }
QLabel[badge="true"] { background: $raised; border-radius: 7px; padding: 1px 8px; }
"""

_MENUS = """
QMenuBar { background: $window; color: $text; padding: 1px 4px; }
QMenuBar::item { padding: 4px 8px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $raised; }
QMenu { background: $surface; color: $text; border: 1px solid $line; padding: 6px; }
QMenu::item { padding: 6px 28px 6px 10px; border-radius: 6px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 6px 4px; }
QMenu::icon { padding-left: 8px; }
QMenu::icon:checked { background: $accent_soft; border: 1px solid $accent_text; border-radius: 4px; }
QMenu::right-arrow { image: url(icons:parts/right.svg); width: 12px; height: 12px; margin-right: 8px; }
"""

_BUTTONS = """
QPushButton { background: $surface; color: $text; border: 1px solid $edge; border-radius: 6px;
    padding: 4px 12px; min-height: 20px; }
QPushButton:hover { background: $raised; }
QPushButton:pressed { background: $line; }
QPushButton:checked { background: $accent_soft; border-color: $accent_text; color: $accent_text; }
QPushButton:disabled { background: transparent; border-color: $line; color: $disabled; }
QPushButton:focus { border: 2px solid $accent_text; padding: 3px 11px; }
QPushButton:default, QPushButton[primary="true"] { background: $accent; border-color: $accent;
    color: $on_accent; font-weight: 600; }
QPushButton:default:hover, QPushButton[primary="true"]:hover { background: $accent_hover; }
QPushButton:default:focus, QPushButton[primary="true"]:focus { border: 2px solid $text; }
QPushButton[primary="true"]:disabled { background: $raised; border-color: $raised; color: $faint; }
QPushButton[primary="true"] { min-height: 26px; }
QPushButton[large="true"] { min-height: 48px; }
QToolButton { background: $surface; color: $text; border: 1px solid $edge; border-radius: 6px;
    padding: 3px 8px; }
QToolButton[autoRaise="true"] { background: transparent; border-color: transparent; }
QToolButton[autoRaise="true"]:disabled { border-color: transparent; }
QToolButton[tight="true"] { padding: 3px 5px; }
QToolButton[popupMode="1"] { padding-right: 18px; }
QToolButton:hover, QToolButton[autoRaise="true"]:hover { background: $raised; }
QToolButton:pressed { background: $line; }
QToolButton:checked, QToolButton[autoRaise="true"]:checked { background: $accent_soft;
    color: $accent_text; }
QToolButton:disabled { color: $disabled; border-color: $line; }
QToolButton:focus, QToolButton[autoRaise="true"]:focus { border-color: $accent_text; }
QToolButton[toolButtonStyle="ToolButtonTextBesideIcon"], QToolButton[toolButtonStyle="2"] {
    padding: 3px 2px 3px 8px; }
QToolButton::right-arrow { image: url(icons:parts/right.svg); }
QToolButton::down-arrow { image: url(icons:parts/down.svg); }
QToolButton::menu-indicator { image: none; }
QToolBar { background: $window; border: none; border-bottom: 1px solid $line; spacing: 4px;
    padding: 2px 8px; }
QToolBar QToolButton { padding: 3px 4px 3px 10px; }
QToolBar::separator { background: $line; width: 1px; margin: 4px 8px; }
QCheckBox, QRadioButton { spacing: 8px; color: $text; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $edge;
    background: $surface; border-radius: 4px; }
QRadioButton::indicator { border-radius: 7px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent_text; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent_text; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent;
    image: url(icons:parts/check.svg); }
QCheckBox::indicator:indeterminate { background: $accent; border-color: $accent;
    image: url(icons:parts/dash.svg); }
QRadioButton::indicator:checked { background: $accent; border-color: $accent;
    image: url(icons:parts/dot.svg); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line;
    background: $window; }
"""

_FIELDS = """
QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QTextEdit { background: $surface; color: $text;
    border: 1px solid $edge; border-radius: 6px; padding: 3px 8px; min-height: 20px;
    selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border: 2px solid $accent_text; padding: 2px 7px; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { color: $disabled; border-color: $line;
    background: $window; }
QComboBox { padding-right: 22px; min-width: 40px; }
QComboBox:focus { padding-right: 21px; }
QComboBox::drop-down { border: none; width: 22px; subcontrol-origin: padding;
    subcontrol-position: right center; }
QComboBox::down-arrow { image: url(icons:parts/down.svg); width: 12px; height: 12px; }
QComboBox QLineEdit, QComboBox QLineEdit:focus { border: none; padding: 0; background: transparent;
    min-height: 0; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $line; padding: 4px; outline: none; }
QAbstractSpinBox { padding: 3px 0; min-width: 28px; qproperty-alignment: 'AlignRight | AlignVCenter'; }
QAbstractSpinBox:focus { padding: 2px 0; }
QAbstractSpinBox QLineEdit { border: none; padding: 0 6px; background: transparent; min-height: 0; }
QAbstractSpinBox QLineEdit:focus { border: none; padding: 0 6px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; background: transparent;
    width: 18px;
    subcontrol-origin: border; margin-right: 2px; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin-top: 2px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin-bottom: 2px; }
QAbstractSpinBox::up-arrow { image: url(icons:parts/up.svg); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url(icons:parts/down.svg); width: 10px; height: 10px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $raised;
    border-radius: 4px; }
QSlider { min-height: 22px; min-width: 40px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent_text; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
    background: $accent; border: none; }
QSlider::handle:horizontal:hover { background: $accent_hover; }
QSlider::handle:horizontal:focus { background: $surface; width: 10px; height: 10px;
    border: 2px solid $accent_text; }
QSlider::sub-page:horizontal:disabled, QSlider::handle:horizontal:disabled { background: $edge; }
QProgressBar { background: $raised; border: none; border-radius: 4px; min-height: 8px; max-height: 8px; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
"""

_LISTS = """
QAbstractItemView { background: $surface; color: $text; alternate-background-color: $window;
    selection-background-color: $accent_soft; selection-color: $text; outline: none; }
QListView, QTreeView, QTableView { border: 1px solid $line; border-radius: 8px; }
QListView[viewMode="ListMode"]::item, QListView[viewMode="0"]::item, QTreeView::item { padding: 6px 8px; }
QListView::item, QTreeView::item { border-radius: 6px; }
QListView::item:hover, QTreeView::item:hover { background: $raised; }
QListView::item:selected, QTreeView::item:selected { background: $accent_soft; color: $text; }
QTableView { gridline-color: $line; }
QTableView::item { padding: 2px 6px; }
QTableView::item:selected { background: $accent_soft; color: $text; }
QHeaderView { background: $surface; border: none; qproperty-defaultAlignment: 'AlignLeft | AlignVCenter'; }
QHeaderView::section { background: $surface; color: $faint; border: none; border-bottom: 1px solid $line;
    padding: 6px 8px; font-weight: normal; }
QHeaderView::section:hover { background: $raised; }
QHeaderView::up-arrow { image: url(icons:parts/up.svg); width: 12px; height: 12px; }
QHeaderView::down-arrow { image: url(icons:parts/down.svg); width: 12px; height: 12px; }
QTableCornerButton::section { background: $surface; border: none; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $faint; padding: 6px 14px; border: none;
    border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; background: $raised; border-top-left-radius: 6px;
    border-top-right-radius: 6px; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent_text; }
QTabBar::tab:focus { color: $accent_text; }
QTabBar::close-button { image: url(icons:parts/close.svg); border-radius: 4px; padding: 3px; }
QTabBar::close-button:hover { background: $line; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QGraphicsView, QTextBrowser, QTextBrowser:focus { border: none; padding: 0; }
"""


def write_sheet(scheme: Scheme) -> str:
    """Return the style sheet in a scheme's colours."""
    template = Template("".join((_WINDOWS, _CARDS, _MENUS, _BUTTONS, _FIELDS, _LISTS)))
    return template.substitute({**asdict(scheme), "radius": tokens.RADIUS})
