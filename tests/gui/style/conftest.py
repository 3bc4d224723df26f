import pytest

from anomaly_gui.gui.style.dressing import dress_application


@pytest.fixture
def dressing(qapp):
    """The application in its look, and after the test in the one before."""
    palette = qapp.palette()
    dressing = dress_application(qapp)
    yield dressing
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.focusChanged.disconnect(dressing.rings._on_focus_changed)
