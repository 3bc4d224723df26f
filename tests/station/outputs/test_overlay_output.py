import hashlib

import numpy as np
import pytest
from PIL import Image
from stand_ins import PLACE, SqliteOutbox, make_delivery, make_result, step_until

from anomaly_gui.station.outputs.kinds import overlay
from anomaly_gui.station.outputs.kinds.overlay import OverlayOutput
from anomaly_gui.station.outputs.output import OutputError
from anomaly_gui.station.outputs.settings.kinds import OverlaySettings
from anomaly_gui.station.times import now_utc

GREY, RED = (90, 90, 90), (210, 30, 30)


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "in" / "part.png"
    path.parent.mkdir()
    Image.new("RGB", (400, 300), GREY).save(path)
    return path


def make_message(path, **changes):
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    picture = {"sha256": digest, "path": str(path)}
    return make_result(1, **{"picture": picture, "regions": [[100, 120, 201, 221]], **changes})


def send(folder, message, **settings):
    output = OverlayOutput("pictures", OverlaySettings(folder, **settings), PLACE)
    output.open()
    output.send(message)
    output.close()
    return sorted(folder.rglob("*.jpg"))


def read_pixel(file, across, down):
    return np.asarray(Image.open(file).convert("RGB")).astype(int)[down, across]


def test_regions_are_marked_and_the_rest_is_as_it_was(picture, tmp_path):
    (file,) = send(tmp_path / "out", make_message(picture))
    assert file.relative_to(tmp_path / "out").parts[0] == "2026-11-26"
    assert file.name.startswith("000000001_defect_P-00001_")
    with Image.open(file) as written:
        assert written.size == (400, 300)
    assert np.abs(read_pixel(file, 150, 121) - RED).max() < 40
    assert np.abs(read_pixel(file, 150, 170) - GREY).max() < 12
    assert np.abs(read_pixel(file, 300, 250) - GREY).max() < 12
    assert np.abs(read_pixel(file, 398, 2) - RED).max() < 40, "the line of text"


def test_regions_of_a_large_picture_are_where_they_were(tmp_path):
    path = tmp_path / "large.png"
    Image.new("RGB", (3200, 800), GREY).save(path)
    (file,) = send(tmp_path / "out", make_message(path, regions=[[2000, 400, 2400, 600]]))
    with Image.open(file) as written:
        assert written.size == (1600, 400)
    assert np.abs(read_pixel(file, 1100, 202) - RED).max() < 60


def test_only_chosen_verdicts_are_written(picture, tmp_path):
    assert send(tmp_path / "out", make_message(picture, verdict="good")) == []
    assert len(send(tmp_path / "out", make_message(picture, verdict="good"), verdicts=("good",))) == 1


def test_a_part_that_comes_twice_is_one_picture(picture, tmp_path):
    send(tmp_path / "out", make_message(picture))
    assert len(send(tmp_path / "out", make_message(picture))) == 1


def test_another_picture_of_that_name_is_not_taken(picture, tmp_path):
    message = make_message(picture)
    Image.new("RGB", (400, 300)).save(picture)
    (file,) = send(tmp_path / "out", message)
    with Image.open(file) as written:
        assert written.size == (640, 480), "the text alone, on grey"


def test_a_picture_on_its_way_is_waited_for(picture, tmp_path):
    message = make_message(picture, at=now_utc())
    picture.rename(tmp_path / "on its way")
    for _ in range(5):
        with pytest.raises(OutputError, match="not there yet"):
            send(tmp_path / "out", message)
    outbox = SqliteOutbox(tmp_path / "outbox.db")
    outbox.put(message)
    delivery = make_delivery(
        OverlayOutput("pictures", OverlaySettings(tmp_path / "out"), PLACE), outbox, tmp_path
    )
    step_until(delivery, lambda: delivery.last_error)
    (tmp_path / "on its way").rename(picture)
    step_until(delivery, lambda: outbox.count == 0)
    (file,) = (tmp_path / "out").rglob("*.jpg")
    assert read_pixel(file, 380, 280) == pytest.approx(GREY, abs=3)
    outbox.close()


def test_a_file_that_is_no_picture_does_not_hold_up_the_others(picture, tmp_path):
    picture.write_bytes(b"half of a picture")
    assert len(send(tmp_path / "out", make_message(picture, verdict="error"))) == 1


def test_a_picture_whose_decoder_ends_the_process_is_grey_at_last(tmp_path, picture, monkeypatch):
    class EndOfProcess(BaseException):
        pass

    def end(*_):
        raise EndOfProcess

    message = make_message(picture)
    with monkeypatch.context() as patch:
        patch.setattr(overlay, "decode_image", end)
        for _ in range(3):
            with pytest.raises(EndOfProcess):
                send(tmp_path / "out", message)
        (file,) = send(tmp_path / "out", message)
    assert read_pixel(file, 300, 300) == pytest.approx((128, 128, 128), abs=3)
    (file, other) = send(tmp_path / "out", {**make_message(picture), "id": "another", "seq": 2})
    assert read_pixel(other, 380, 280) == pytest.approx(GREY, abs=3)
