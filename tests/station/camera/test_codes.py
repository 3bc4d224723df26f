"""Part and lot by a code in the picture: codes that were really drawn, read by another process."""

import os
import signal
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from camera_line import make_camera_line, work_camera_until
from line import make_line, make_picture
from PIL import Image
from shop import count_left, opened_station, work_until

from anomaly_gui.errors import UserError
from anomaly_gui.station.capture.codes import CodeReader, find_codes
from anomaly_gui.station.checking import check_station
from anomaly_gui.station.settings.reading import read_settings

zxingcpp = pytest.importorskip("zxingcpp")


def _draw_code(text, kind, seed=1):
    """Return a picture of a part with a label on it."""
    code = np.asarray(zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind)).to_image(scale=3))
    picture = np.array(Image.fromarray(make_picture(seed=seed)).resize((600, 600)))
    height, width = code.shape
    picture[40 : 60 + height, 40 : 60 + width] = 255
    picture[50 : 50 + height, 50 : 50 + width] = code[..., None]
    return Image.fromarray(picture)


def _save(path, text, kind, seed=1):
    part = path.with_name(f".{path.name}")
    _draw_code(text, kind, seed).save(part, "PNG")
    part.rename(path)
    return path


@pytest.mark.parametrize("kind", ["Code128", "DataMatrix", "QRCode"])
@pytest.mark.parametrize("angle", [0, 90, 180])
def test_codes_are_read_in_any_direction(tmp_path, kind, angle):
    path = tmp_path / "a.png"
    _draw_code("L12-B7", kind).rotate(angle).save(path)
    assert find_codes(path.read_bytes()) == ["L12-B7"]


def test_the_part_is_named_by_the_code_in_a_file_unless_its_name_says_so(tmp_path, model_file, judge):
    rules = "barcode = true\ncode_rule = '(?P<lot>L[0-9]+)-(?P<part>.+)'"
    line = make_line(tmp_path, model_file, rules)
    _save(line.incoming / "7.png", "L12-B7", "DataMatrix")
    _save(line.incoming / "cap_9.png", "L12-B8", "DataMatrix", seed=2)
    Image.fromarray(make_picture(seed=3)).save(line.incoming / "8.png")
    work_until(line, judge, lambda: count_left(line) == 0)
    rows = line.ask("SELECT image_path, part, lot FROM result")
    named = {Path(path).name: (part, lot) for path, part, lot in rows}
    assert named == {"7.png": ("B7", "L12"), "cap_9.png": ("cap_9", None), "8.png": (None, None)}


def test_the_part_is_named_by_the_code_in_what_a_camera_takes(tmp_path, judge):
    more = '[triggers.clock]\nkind = "timer"\nevery = 0.2\n'
    line = make_camera_line(tmp_path, more=more, capture="barcode = true", shown=0)
    _save(line.shown / "1.png", "B7", "QRCode")
    work_camera_until(line, judge, lambda: line.count_moved() >= 2)
    assert {row[0] for row in line.ask("SELECT part FROM result")} == {"B7"}


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_process_that_falls_over_costs_one_code(tmp_path):
    data = _save(tmp_path / "a.png", "B7", "QRCode").read_bytes()
    with closing(CodeReader()) as reader:
        assert reader.read_codes(data) == ["B7"]
        os.kill(reader._process.pid, signal.SIGSEGV)
        reader._process.join()
        assert reader.read_codes(data) == []
        assert "could not be read" in reader.read_trouble()
        assert reader.read_codes(data) == ["B7"]
        assert reader.read_trouble() == ""
        assert reader.read_codes(b"no picture") == []


def test_a_picture_whose_codes_could_not_be_read_is_alarmed_of(tmp_path, model_file, judge, monkeypatch):
    line = make_line(tmp_path, model_file, "barcode = true")
    real, faults = CodeReader._ask, [EOFError()]

    def ask(reader, data):
        if faults:
            raise faults.pop()
        return real(reader, data)

    monkeypatch.setattr(CodeReader, "_ask", ask)
    alarms = "SELECT after FROM audit WHERE what = 'alarm' AND before = 'capture' ORDER BY link"
    with opened_station(line, judge) as (station, _, _):
        for number, came in ((7, ["came"]), (8, ["came", "went"])):
            _save(line.incoming / f"{number}.png", f"B{number}", "QRCode", seed=number)
            end = time.monotonic() + 20
            station.run_until(lambda: line.ask(alarms)[len(came) - 1 :] or time.monotonic() > end)  # noqa: B023
            assert [row[0] for row in line.ask(alarms)] == came
        station.run_until(lambda: count_left(line) == 0)
    assert line.ask("SELECT part FROM result ORDER BY seq") == [(None,), ("B8",)]


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_signal_to_all_processes_of_a_station_costs_no_code(tmp_path):
    data = _save(tmp_path / "a.png", "B7", "QRCode").read_bytes()
    with closing(CodeReader()) as reader:
        assert reader.read_codes(data) == ["B7"]
        os.kill(reader._process.pid, signal.SIGTERM)
        time.sleep(0.2)
        assert reader.read_codes(data) == ["B7"]


def test_a_process_that_cannot_be_started_costs_the_codes_of_that_while(tmp_path, short_of_memory):
    data = _save(tmp_path / "a.png", "B7", "QRCode").read_bytes()
    with closing(CodeReader()) as reader:
        with short_of_memory():
            assert reader.read_codes(data) == []
        assert reader.read_codes(data) == ["B7"]


def test_without_the_library_it_is_said(tmp_path, model_file, monkeypatch):
    line = make_line(tmp_path, model_file, "barcode = true")
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    with pytest.raises(UserError, match=r"anomaly-gui\[barcode\]"):
        CodeReader()
    found = next(iter(check_station(read_settings(line.file))))
    assert (found.is_well, "[barcode]" in found.sentence) == (False, True)
