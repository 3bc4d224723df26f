"""Which pictures are decoded: what a page asked for last, and not all that it asked for before."""

import pytest
from parts import save_parts
from PySide6.QtCore import QCoreApplication

from anomaly_gui.gui.work.pictures import pictures as of_pictures
from anomaly_gui.gui.work.pictures.pictures import Pictures


@pytest.fixture
def files(tmp_path):
    return [str(path) for path in sorted(save_parts(tmp_path / "parts", 12).iterdir())]


@pytest.fixture
def pictures(qapp):
    pictures = Pictures()
    pictures.ready = []
    pictures.picture_ready.connect(lambda path, *_: pictures.ready.append(path))
    yield pictures
    pictures.close()
    QCoreApplication.processEvents()


def test_a_page_gets_what_it_asked_for_last_and_little_of_what_was_before(pictures, files, qtbot):
    page = object()
    for file in files:
        pictures.request_picture(file, page)
    qtbot.waitUntil(lambda: files[-1] in pictures.ready)
    pictures.close()
    QCoreApplication.processEvents()
    assert sorted(pictures.ready) == sorted([*files[:2], files[-1]])  # two are at work at once


def test_what_others_asked_for_is_decoded_all_the_same(pictures, files, qtbot):
    one, other = object(), object()
    pictures.request_picture(files[0], one)
    pictures.request_picture(files[1], one)
    for file in files[2:5]:
        pictures.request_picture(file)
    for file in files[5:]:
        pictures.request_picture(file, other)
    wanted = {*files[:5], files[-1]}
    qtbot.waitUntil(lambda: wanted <= set(pictures.ready))
    pictures.close()
    QCoreApplication.processEvents()
    assert set(pictures.ready) == wanted


def test_thumbnails_come_beside_whole_pictures(pictures, files, qtbot):
    for file in files:
        pictures.find_thumbnail(file)
        pictures.request_picture(file)
    qtbot.waitUntil(lambda: len(pictures.ready) == len(files))
    qtbot.waitUntil(lambda: all(pictures.find_thumbnail(file) is not None for file in files))


def test_a_decoder_that_fails_unexpectedly_leaves_room_for_others(pictures, files, qtbot, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("of a test")

    with qtbot.captureExceptions() as errors, monkeypatch.context() as broken:
        broken.setattr(of_pictures, "decode_full", fail)
        for file in files[:4]:
            pictures.request_picture(file)
        qtbot.waitUntil(lambda: len(pictures.ready) == 4)
    assert {str(error[1]) for error in errors} == {"of a test"}
    pictures.request_picture(files[5])
    qtbot.waitUntil(lambda: files[5] in pictures.ready)
