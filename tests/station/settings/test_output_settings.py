import pytest

from anomaly_gui.station.outputs.output import StationPlace
from anomaly_gui.station.outputs.registry import KINDS, make_output, read_output
from anomaly_gui.station.outputs.settings.kinds import CsvSettings, ModbusSettings, MqttSettings
from anomaly_gui.station.settings.table import SettingsFileError


@pytest.fixture
def file(tmp_path):
    for name in ("ca.pem", "client.pem", "client.key", "secret"):
        (tmp_path / name).write_text("x")
    (tmp_path / "folder").mkdir()
    return tmp_path / "line1.toml"


def test_what_is_not_said_has_a_default(file):
    assert read_output("mes", {"kind": "mqtt", "host": "broker"}, file) == MqttSettings("broker")
    assert read_output("mes", {"kind": "mqtt", "host": "broker", "tls": False}, file).port == 1883
    assert read_output("plc", {"kind": "modbus", "host": "0.0.0.0"}, file) == ModbusSettings("0.0.0.0")


def test_paths_begin_where_the_file_is(file):
    assert read_output("table", {"kind": "csv", "path": "out/parts.csv"}, file) == CsvSettings(
        file.parent / "out" / "parts.csv"
    )


@pytest.mark.parametrize(
    "kind, values, key, words",
    [
        ("mail", {}, "kind", "mqtt"),
        ("mqtt", {}, "host", "missing"),
        ("mqtt", {"host": ""}, "host", "text in quotes"),
        ("mqtt", {"host": "b", "port": 0}, "port", "1 to 65535"),
        ("mqtt", {"host": "b", "port": True}, "port", "1 to 65535"),
        ("mqtt", {"host": "b", "prot": 1}, "prot", "not known"),
        ("mqtt", {"host": "b", "tls": "yes"}, "tls", "true or false"),
        ("mqtt", {"host": "b", "timeout": 0}, "timeout", "0.1 to 600"),
        ("mqtt", {"host": "b", "ca_file": "gone.pem"}, "ca_file", "no file"),
        ("mqtt", {"host": "b", "ca_file": "ca.pem", "tls": False}, "ca_file", "tls"),
        ("mqtt", {"host": "b", "certificate_file": "client.pem"}, "certificate_file", "key_file"),
        ("mqtt", {"host": "b", "key_file": "client.key"}, "key_file", "certificate_file"),
        ("mqtt", {"host": "b", "user": "u"}, "user", "password_file"),
        ("mqtt", {"host": "b", "password_file": "secret"}, "password_file", "user"),
        ("webhook", {"url": "ftp://server"}, "url", "https://"),
        ("webhook", {"url": "http://server", "ca_file": "ca.pem"}, "ca_file", "https"),
        ("csv", {"path": "folder"}, "path", "folder"),
        ("overlay", {"folder": "secret"}, "folder", "file"),
        ("overlay", {"folder": "o", "verdicts": ["bad"]}, "verdicts", "defect"),
        ("overlay", {"folder": "o", "verdicts": []}, "verdicts", "list"),
        ("modbus", {"host": "h", "mode": "fast"}, "mode", "free_running"),
        ("modbus", {"host": "h", "words": "middle"}, "words", "low_first"),
        (
            "opcua",
            {
                **{"host": "h", "user": "u", "password_file": "secret"},
                **{"certificate_file": "ca.pem", "key_file": "new.key"},
            },
            "key_file",
            "not there",
        ),
    ],
)
def test_each_mistake_is_one_sentence_that_names_file_table_and_key(file, kind, values, key, words):
    with pytest.raises(SettingsFileError) as caught:
        read_output("mes", {"kind": kind, **values}, file)
    sentence = str(caught.value)
    assert sentence.startswith(f"{file}: ")
    assert f"“{key}” in [outputs.mes]" in sentence
    assert words in sentence
    assert sentence.endswith(".") and ". " not in sentence.removeprefix(str(file))


@pytest.mark.parametrize("name", ["MES", "a/b", "", "x" * 33, "-a"])
def test_names_are_those_of_files(file, name):
    with pytest.raises(SettingsFileError, match="name"):
        read_output(name, {"kind": "csv", "path": "a.csv"}, file)


def test_every_kind_can_be_made(file):
    values = {
        "mqtt": {"host": "b"},
        "webhook": {"url": "http://localhost/x"},
        "csv": {"path": "a.csv"},
        "overlay": {"folder": "o"},
        "modbus": {"host": "127.0.0.1"},
        "opcua": {
            **{"host": "127.0.0.1", "user": "u", "password_file": "secret"},
            **{"certificate_file": "c.der", "key_file": "k.pem"},
        },
    }
    assert set(values) == set(KINDS)
    for kind, given in values.items():
        made = make_output(
            "one", read_output("one", {"kind": kind, **given}, file), StationPlace("s", "l", "t")
        )
        assert made.name == "one"
