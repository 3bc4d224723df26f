import functools
import os
import signal
import socket

import pytest
from mqtt_peers import Broker, Subscriber, needs_mosquitto
from stand_ins import (
    PLACE,
    QUICK,
    SqliteOutbox,
    find_port,
    make_alarm,
    make_delivery,
    make_result,
    make_state,
    step_until,
    wait_until,
    write_state,
)

from anomaly_gui.station.outputs.child import OutputJob
from anomaly_gui.station.outputs.kinds.mqtt import MqttOutput
from anomaly_gui.station.outputs.output import OutputError
from anomaly_gui.station.outputs.settings.kinds import MqttSettings
from anomaly_gui.station.outputs.supervisor import OutputProcess


@pytest.fixture
def broker(tmp_path):
    (tmp_path / "broker").mkdir()
    made = Broker(tmp_path / "broker").start()
    yield made
    made.stop()


@pytest.fixture
def subscriber(broker):
    made = Subscriber(broker.port)
    yield made
    made.close()


@pytest.fixture
def outbox(tmp_path):
    made = SqliteOutbox(tmp_path / "outbox.db")
    yield made
    made.close()


def make_output(port, **changes):
    return MqttOutput(
        "mes", MqttSettings("127.0.0.1", port, **{"tls": False, "timeout": 5.0, **changes}), PLACE
    )


def make_process(broker, folder):
    opener = functools.partial(SqliteOutbox, folder / "outbox.db")
    settings = MqttSettings("127.0.0.1", broker.port, tls=False, timeout=5.0)
    return OutputProcess(OutputJob("mes", settings, PLACE, opener, folder, folder / "state.json", QUICK))


@needs_mosquitto
def test_each_kind_of_message_has_its_topic(subscriber, broker, outbox, tmp_path):
    outbox.put(*map(make_result, range(1, 21)))
    write_state(tmp_path, make_state())
    outbox.put(make_alarm())
    delivery = make_delivery(make_output(broker.port), outbox, tmp_path)
    step_until(delivery, lambda: len(subscriber.came) >= 22)
    assert subscriber.list_messages("result") == list(map(make_result, range(1, 21)))
    assert subscriber.list_messages("alarm") == [make_alarm()]
    assert subscriber.list_messages("state")[0]["state"] == "running"
    assert {topic.rpartition("/")[0] for topic, _ in subscriber.came} == {"anomaly/v1/plant1/line1/end"}
    delivery.close()


@needs_mosquitto
def test_the_state_is_retained_and_only_the_state(broker, outbox, tmp_path):
    output = make_output(broker.port)
    output.open()
    for message in (make_state(heartbeat=41), make_result(1), make_state(heartbeat=42)):
        output.send(message)
    late = Subscriber(broker.port)
    wait_until(lambda: late.retained)
    assert [each["heartbeat"] for each in late.retained] == [42]
    assert late.list_messages("result") == []
    output.close()  # as after a fault: it says nothing of the station
    output.open()
    output.send(make_state(heartbeat=43))
    output.take_leave(make_state("stopped"))
    output.close()
    wait_until(lambda: late.list_messages("state")[-1]["state"] == "stopped")
    assert [each["state"] for each in late.list_messages("state")] == ["running", "running", "stopped"]
    late.close()


@needs_mosquitto
def test_the_last_will_says_that_the_station_failed(broker, subscriber):
    output = make_output(broker.port)
    output.open()
    output.send(make_state())
    wait_until(lambda: subscriber.list_messages("state"))
    output._client.socket().shutdown(socket.SHUT_RDWR)  # as when the machine loses its power
    wait_until(lambda: subscriber.list_messages("state")[-1]["state"] == "error")
    with pytest.raises(OutputError, match="lost"):
        wait_until(lambda: output.count_arrived())
    output.close()


@needs_mosquitto
@pytest.mark.parametrize(
    ("state", "published"),
    [("stopped", "stopped"), ("locked", "locked"), ("running", "error"), ("error", "error"), (None, "error")],
)
def test_what_stays_is_what_the_station_said_last(broker, outbox, tmp_path, state, published):
    delivery = make_delivery(make_output(broker.port), outbox, tmp_path)
    delivery.step()
    if state is not None:
        write_state(tmp_path, make_state(state, 7, records={"link": 3, "hash": "ab" * 32}))
    delivery.take_leave(was_asked=True)
    delivery.close()
    late = Subscriber(broker.port)
    wait_until(lambda: late.retained)
    assert late.retained[0]["state"] == published
    assert state is None or late.retained[0]["records"]["link"] == 3
    late.close()


@needs_mosquitto
def test_a_signal_to_all_processes_of_a_station_leaves_the_end_to_it(broker, subscriber, outbox, tmp_path):
    write_state(tmp_path, make_state())
    process = make_process(broker, tmp_path)
    process.tend()
    wait_until(lambda: subscriber.list_messages("state"), 60)
    os.kill(process.number, signal.SIGTERM)
    outbox.put(make_result(1))
    wait_until(lambda: subscriber.list_messages("result"))
    write_state(tmp_path, make_state("stopped"))
    process.stop()
    wait_until(lambda: subscriber.list_messages("state")[-1]["state"] == "stopped")


@needs_mosquitto
@pytest.mark.parametrize(("is_asked", "published"), [(True, "locked"), (False, "error")])
def test_a_station_that_is_killed_while_it_is_locked_has_failed(
    broker, subscriber, outbox, tmp_path, is_asked, published
):
    write_state(tmp_path, make_state("locked"))
    process = make_process(broker, tmp_path)
    process.tend()
    wait_until(lambda: subscriber.list_messages("state"), 60)
    if is_asked:
        process.ask_to_stop()
    else:
        process._pipe.close()  # as the system does for one that is killed
    wait_until(lambda: process.number is None, 15)
    process.stop()
    late = Subscriber(broker.port)
    wait_until(lambda: late.retained)
    assert late.retained[0]["state"] == published
    late.close()


@needs_mosquitto
def test_a_broker_that_goes_away_and_comes_back_has_each_part(broker, subscriber, outbox, tmp_path):
    outbox.put(*map(make_result, range(1, 101)))
    delivery = make_delivery(make_output(broker.port), outbox, tmp_path)
    step_until(delivery, lambda: len(subscriber.came) >= 30)
    broker.stop()
    outbox.put(*map(make_result, range(101, 151)))
    step_until(delivery, lambda: "MQTT broker" in delivery.last_error)
    broker.start()
    wanted = [make_result(seq)["id"] for seq in range(1, 151)]
    step_until(delivery, lambda: set(wanted) == {each["id"] for each in subscriber.list_messages("result")})
    step_until(delivery, lambda: outbox.count == 0)
    assert list(dict.fromkeys(each["id"] for each in subscriber.list_messages("result"))) == wanted
    delivery.close()


def test_without_a_broker_that_is_said():
    output = make_output(find_port())
    with pytest.raises(OutputError, match=r"MQTT broker 127\.0\.0\.1, port"):
        output.open()
    output.close()


@needs_mosquitto
@pytest.mark.filterwarnings(r"ignore:.*ssl\.SSLSocket:pytest.PytestUnraisableExceptionWarning")  # paho's own
def test_by_tls_with_a_user_whose_password_is_right(tmp_path, authority, outbox):
    (tmp_path / "users").write_text(hash_password("station", "right"))
    (tmp_path / "password").write_text("right\n")
    broker = Broker(
        tmp_path,
        "allow_anonymous false",
        f"cafile {authority.ca}",
        f"certfile {authority.certificate}",
        f"keyfile {authority.key}",
        f"password_file {tmp_path / 'users'}",
    ).start()
    known = {"tls": True, "ca_file": authority.ca, "user": "station", "password_file": tmp_path / "password"}
    outbox.put(make_result(1))
    delivery = make_delivery(make_output(broker.port, **known), outbox, tmp_path)
    step_until(delivery, lambda: outbox.count == 0)
    delivery.close()
    (tmp_path / "password").write_text("wrong\n")
    refused(make_output(broker.port, **known), "(?i)authori")
    refused(make_output(broker.port, **{**known, "ca_file": None}), "(?i)certificate")
    broker.stop()


def refused(output, words):
    with pytest.raises(OutputError, match=words):
        output.open()
    output.close()


def hash_password(user, password):
    """Return a line of a file of mosquitto_passwd: PBKDF2 with SHA-512."""
    import base64
    import hashlib

    salt, times = b"0123456789ab", 101
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, times)
    return f"{user}:$7${times}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}\n"
