"""The tables [camera] and [triggers.NAME], and the one sentence that each mistake is."""

import pytest
from camera_line import make_camera_line

from anomaly_gui.station.settings.camera_settings import (
    GenicamSettings,
    SimulatedSettings,
    StreamSettings,
    UsbSettings,
)
from anomaly_gui.station.settings.reading import read_settings
from anomaly_gui.station.settings.table import SettingsFileError
from anomaly_gui.station.settings.trigger_settings import (
    ChangeTrigger,
    KeyTrigger,
    ModbusTrigger,
    MqttTrigger,
    TimerTrigger,
)

TRIGGERS = """
[triggers.hand]
kind = "key"
[triggers.clock]
kind = "timer"
every = 2
[triggers.mes]
kind = "mqtt"
host = "broker"
tls = false
[triggers.plc]
kind = "modbus"
host = "plc"
coil = 7
[triggers.view]
kind = "change"
share = 0.1
"""


def _read(folder, camera='kind = "usb"', more="", capture=""):
    return read_settings(make_camera_line(folder, more=more, camera=camera, capture=capture, shown=0).file)


def test_each_kind_of_camera(tmp_path):
    (tmp_path / "tl.cti").touch()
    (tmp_path / "word").touch()
    told = {
        'kind = "usb"\ndevice = 1\nwidth = 640\nproperties = {exposure = -6}': UsbSettings(
            1, 640, properties={"exposure": -6.0}
        ),
        'kind = "stream"\naddress = "rtsp://c/s"\nuser = "a"\npassword_file = "word"': StreamSettings(
            "rtsp://c/s", user="a", password_file=tmp_path / "word"
        ),
        'kind = "genicam"\nproducer = "tl.cti"\nnodes = {ExposureTime = 5000.0}': GenicamSettings(
            tmp_path / "tl.cti", nodes={"ExposureTime": 5000.0}
        ),
        'kind = "simulated"\nfolder = "shown"': SimulatedSettings(tmp_path / "shown"),
    }
    for number, (text, source) in enumerate(told.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name in ("tl.cti", "word"):
            (folder / name).touch()
        settings = _read(folder, text)
        assert repr(settings.camera.source) == repr(source).replace(str(tmp_path), str(folder))
        assert settings.camera.frozen_after == (0 if "simulated" in text else 2)
        assert settings.capture.folder == folder / "taken"


def test_each_kind_of_trigger(tmp_path):
    assert [(one.name, one.settings) for one in _read(tmp_path, more=TRIGGERS).triggers] == [
        ("hand", KeyTrigger()),
        ("clock", TimerTrigger(2)),
        ("mes", MqttTrigger("broker", "anomaly/v1/Plant 1/Line 1/Cell 1/trigger", 1883, False)),
        ("plc", ModbusTrigger("plc", coil=7)),
        ("view", ChangeTrigger(share=0.1)),
    ]


@pytest.mark.parametrize(
    ("camera", "said"),
    [
        ('kind = "film"', "“kind” in [camera] has to be one of usb"),
        ('kind = "usb"\nhold = 1', "“hold” in [camera] is not known"),
        ('kind = "usb"\ndevice = true', "“device” in [camera] has to be a number"),
        ('kind = "usb"\nwidth = 1.5', "“width” in [camera] has to be a whole number from 0 to 65535"),
        (
            'kind = "usb"\nproperties = {exposure = "x"}',
            "“properties” in [camera] has to hold names and numbers",
        ),
        ('kind = "stream"', "“address” in [camera] is missing"),
        ('kind = "stream"\naddress = "file:///etc"', "has to be an address such as"),
        ('kind = "stream"\naddress = "rtsp://a:b@c/s"', "may hold no password"),
        ('kind = "stream"\naddress = "rtsp://c/s"\nuser = "a"', "goes with “password_file” only"),
        ('kind = "genicam"\nproducer = "no.cti"', "which is no file"),
        ('kind = "genicam"\nproducer = "line1.toml"\nnodes = [1]', "has to be a table of names and values"),
        (
            'kind = "simulated"\nfolder = "shown"\nhold = 0',
            "“hold” in [camera] has to be a number from 0.001",
        ),
    ],
)
def test_a_mistake_of_a_camera_is_one_sentence(tmp_path, camera, said):
    with pytest.raises(SettingsFileError) as caught:
        _read(tmp_path, camera)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[triggers]\nkind = "key"', "each trigger is a table of its own"),
        ('[triggers.a]\nkind = "bell"', "“kind” in [triggers.a] has to be one of key"),
        ('[triggers.a]\nkind = "timer"', "“every” in [triggers.a] has to be a number from 0.05"),
        ('[triggers.a]\nkind = "timer"\nevery = 1\ncoil = 1', "“coil” in [triggers.a] is not known"),
        ('[triggers.a]\nkind = "modbus"\nhost = "p"\ncoil = -1', "whole number from 0 to 65535"),
        ('[triggers.a]\nkind = "mqtt"\nhost = "b"\nuser = "u"', "goes with “password_file” only"),
        (
            '[triggers.a]\nkind = "mqtt"\nhost = "b"\nca_file = "line1.toml"\ntls = false',
            "needs “tls” to be true",
        ),
        ('[triggers.a]\nkind = "change"\nframes = 1', "whole number from 2 to 1000"),
    ],
)
def test_a_mistake_of_a_trigger_is_one_sentence(tmp_path, more, said):
    with pytest.raises(SettingsFileError) as caught:
        _read(tmp_path, more=more)
    assert said in str(caught.value)


def test_two_triggers_by_change_are_one_too_many(tmp_path):
    more = '[triggers.a]\nkind = "change"\n[triggers.b]\nkind = "change"\n'
    with pytest.raises(SettingsFileError, match="one trigger by change in"):
        _read(tmp_path, more=more)


def test_a_folder_has_neither_camera_nor_triggers_and_a_camera_no_rule_of_names(tmp_path, line):
    text = line.file.read_text()
    for more, said in (("[camera]\nkind = 'usb'\n", "[camera]"), (TRIGGERS, "[triggers]")):
        line.file.write_text(text + more)
        with pytest.raises(SettingsFileError) as caught:
            read_settings(line.file)
        assert f'{said} goes with “kind = "camera"” in [capture] only' in str(caught.value)
    (tmp_path / "other").mkdir()
    with pytest.raises(SettingsFileError, match=r"“name_rule” in \[capture\] is not known"):
        _read(tmp_path / "other", capture="name_rule = '(?P<part>.)'")
