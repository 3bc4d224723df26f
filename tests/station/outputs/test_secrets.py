"""Passwords, tokens, certificates and keys that cannot be used are said in a sentence, and end no process."""

import codecs

import pytest
from stand_ins import PLACE, SqliteOutbox, find_port, make_delivery, make_result

from anomaly_gui.errors import UserError
from anomaly_gui.station.outputs.kinds.certificates import check_certificate, make_certificate
from anomaly_gui.station.outputs.output import OutputError
from anomaly_gui.station.outputs.registry import make_output
from anomaly_gui.station.outputs.settings.kinds import MqttSettings, OpcuaSettings, WebhookSettings
from anomaly_gui.station.settings.secrets import read_secret


@pytest.mark.parametrize("before", [b"", codecs.BOM_UTF8])
def test_a_secret_is_the_first_line_without_a_byte_order_mark(tmp_path, before):
    (tmp_path / "secret").write_bytes(before + "wört\r\nmore\n".encode())
    assert read_secret(tmp_path / "secret") == "wört"


def make_mqtt(folder):
    (folder / "password").write_text("secret\n", "utf-16")  # as `echo` of PowerShell 5.1 writes it
    return MqttSettings("127.0.0.1", find_port(), tls=False, user="u", password_file=folder / "password")


def make_webhook(folder):
    (folder / "token").write_text("to\u20acken\n", "utf-8")
    return WebhookSettings(f"http://127.0.0.1:{find_port()}/", folder / "token", timeout=1.0)


def make_opcua(folder):
    (folder / "password").write_text("secret\n")
    make_certificate(folder / "made.der", folder / "made.pem", "urn:test")
    (folder / "own.der").write_bytes((folder / "made.pem").read_bytes())
    files = folder / "password", folder / "own.der", folder / "made.pem"
    return OpcuaSettings("127.0.0.1", "line", *files, find_port())


@pytest.mark.parametrize(
    ("make_settings", "words"),
    [
        (make_mqtt, r"password cannot be read \(it is no text in UTF-8\)"),
        (make_webhook, "token holds no token: HTTP takes letters of Latin-1 only"),
        (make_opcua, r"own\.der is no certificate in DER"),
    ],
)
def test_what_cannot_be_used_is_said_by_the_check_and_by_the_output(tmp_path, make_settings, words):
    settings = make_settings(tmp_path)
    with pytest.raises(UserError, match=words):
        make_output("one", settings, PLACE).try_out()
    outbox = SqliteOutbox(tmp_path / "outbox.db")
    outbox.put(make_result(1))
    delivery = make_delivery(make_output("one", settings, PLACE), outbox, tmp_path)
    delivery.step()
    assert words.split("(")[0].replace("\\", "").strip() in delivery.last_error
    assert outbox.count == 1
    delivery.close()
    outbox.close()


def test_a_key_that_is_none_is_said(tmp_path):
    make_certificate(tmp_path / "a.der", tmp_path / "a.pem", "urn:test")
    check_certificate(tmp_path / "a.der", tmp_path / "a.pem")
    (tmp_path / "a.pem").write_text("none")
    with pytest.raises(OutputError, match=r"a\.pem is no key in PEM"):
        check_certificate(tmp_path / "a.der", tmp_path / "a.pem")


def test_a_key_without_its_certificate_does_not_stay(tmp_path):
    (tmp_path / "a.der").mkdir()
    with pytest.raises(OSError, match="directory"):
        make_certificate(tmp_path / "a.der", tmp_path / "a.pem", "urn:test")
    assert not (tmp_path / "a.pem").exists()
