import pytest

from anomaly_gui.__main__ import has_display, opens_window


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], True),
        (["caps.anomaly"], True),
        (["demo"], True),
        (["demo", "--headless"], False),
        (["demo", "--out", "x"], False),
        (["train", "good"], False),
        (["--help"], False),
        (["info", "caps.anomaly"], False),
    ],
)
def test_what_opens_the_window(monkeypatch, arguments, expected):
    monkeypatch.setenv("DISPLAY", ":0")
    assert opens_window(arguments) is expected


def test_the_demo_needs_a_display_for_its_window(monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert not has_display()
    assert not opens_window(["demo"])
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert opens_window(["demo"])
