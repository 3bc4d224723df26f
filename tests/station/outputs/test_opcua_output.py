"""The other side is an asyncua client, in an event loop of its own."""

import asyncio
import json
import logging
from datetime import datetime, timezone

import pytest
from asyncua import Client, ua
from asyncua.crypto.cert_gen import setup_self_signed_certificate
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256
from cryptography.x509.oid import ExtendedKeyUsageOID
from stand_ins import (
    PLACE,
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

from anomaly_gui.station.outputs.kinds.loop_thread import LoopThread
from anomaly_gui.station.outputs.kinds.opcua import OpcuaOutput
from anomaly_gui.station.outputs.output import OutputError
from anomaly_gui.station.outputs.settings.kinds import OpcuaSettings

LONG_AGO = ua.Variant(datetime(2020, 1, 1), ua.VariantType.DateTime)
NS = 2  # of the station, after those of OPC UA and of the server


@pytest.fixture(scope="module", autouse=True)
def quiet():
    """A refused client is an error for asyncua's logs."""
    logging.getLogger("asyncua").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("asyncua").setLevel(logging.NOTSET)


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """Certificate and key of the client; those of the server are made by the first that starts."""
    folder = tmp_path_factory.mktemp("keys")
    made = setup_self_signed_certificate(
        folder / "client.pem",
        folder / "client.der",
        "urn:test:client",
        "localhost",
        [ExtendedKeyUsageOID.CLIENT_AUTH],
        {},
    )
    asyncio.run(made)
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The folder of a station whose server runs for all tests: it takes a second to start."""
    return tmp_path_factory.mktemp("station")


@pytest.fixture(scope="module")
def outbox(place):
    made = SqliteOutbox(place / "outbox.db")
    yield made
    made.close()


@pytest.fixture(scope="module")
def settings(place, keys):
    (place / "password").write_text("s3cret\n")
    return OpcuaSettings(
        host="127.0.0.1",
        user="line",
        password_file=place / "password",
        certificate_file=keys / "server.der",
        key_file=keys / "server.pem",
        port=find_port(),
    )


@pytest.fixture(scope="module")
def delivery(settings, outbox, place):
    made = make_delivery(OpcuaOutput("mes", settings, PLACE), outbox, place)
    made.step()
    yield made
    made.close()


class Consumer:
    """A client: reads nodes, calls methods, and keeps the events that came."""

    def __init__(self, settings, keys, user="line", password="s3cret", encrypted=True, timeout=10):
        self.thread = LoopThread("consumer")
        self.client = Client(f"opc.tcp://127.0.0.1:{settings.port}/station", timeout=timeout)
        self.events = []
        if encrypted:
            self.run(
                self.client.set_security(
                    SecurityPolicyBasic256Sha256, str(keys / "client.der"), str(keys / "client.pem")
                )
            )
        self.client.application_uri = "urn:test:client"
        if user:
            self.client.set_user(user)
            self.client.set_password(password)
        try:
            self.run(self.client.connect())
        except BaseException:
            self.thread.close()
            raise

    def run(self, work):
        return self.thread.run(work)

    def find(self, *names):
        return self.run(self.client.nodes.objects.get_child([f"{NS}:{name}" for name in names]))

    def read(self, *names):
        return self.run(self.find(*names).read_value())

    def call(self, name, *given):
        management = self.find("VisionSystem", "ResultManagement")
        return self.run(management.call_method(f"{NS}:{name}", *given))

    def subscribe(self, kind):
        consumer = self

        class Handler:
            def event_notification(self, event):
                consumer.events.append(event)

        async def subscribe():
            subscription = await self.client.create_subscription(20, Handler())
            types = self.client.get_node(ua.ObjectIds.BaseEventType)
            event_type = await types.get_child(f"{NS}:{kind}")
            await subscription.subscribe_events(self.client.nodes.server, event_type)

        self.run(subscribe())

    def close(self):
        self.run(self.client.disconnect())
        self.thread.close()


@pytest.fixture
def consumer(delivery, settings, keys):
    made = Consumer(settings, keys)
    yield made
    made.close()


def test_each_result_raises_an_event_and_can_be_read(delivery, consumer, outbox):
    consumer.subscribe("ResultReadyEventType")
    outbox.put(*map(make_result, range(1, 11)))
    step_until(delivery, lambda: outbox.count == 0)
    wait_until(lambda: len(consumer.events) >= 10)
    assert [event.SequenceNumber for event in consumer.events] == list(range(1, 11))
    event, message = consumer.events[0], make_result(1)
    assert (event.ResultId, event.PartId, event.JobId) == (message["id"], "P-00001", "L7")
    assert (event.Verdict, event.Score, event.Threshold) == ("defect", -13.5, -20.25)
    assert (event.IsSimulated, event.ResultState, event.IsPartial) == (True, 1, False)
    assert json.loads(event.ResultContent) == message
    assert event.CreationTime.replace(tzinfo=timezone.utc) == datetime(
        2026, 11, 26, 10, 42, 0, 123000, timezone.utc
    )
    assert consumer.events[3].ResultState == 3, "a fault is aborted, and no result"
    result = ("VisionSystem", "ResultManagement", "Results", "Result00")
    assert json.loads(consumer.read(*result)) == message
    assert consumer.read(*result, "PartId") == "P-00001"


def test_results_are_found_by_methods(delivery, consumer, outbox):
    outbox.put(*map(make_result, range(11, 18)))
    step_until(delivery, lambda: outbox.count == 0)
    text, error = consumer.call("GetResultById", make_result(13)["id"])
    assert (json.loads(text), error) == (make_result(13), 0)
    assert consumer.call("GetResultById", "nothing") == ["", 1]
    complete, texts, _ = consumer.call("GetResultListFiltered", "", LONG_AGO, whole(5))
    assert (complete, len(texts)) == (False, 5)
    complete, texts, _ = consumer.call("GetResultListFiltered", "P-00016", LONG_AGO, whole(5))
    assert (complete, [json.loads(each)["seq"] for each in texts]) == (True, [16])


def whole(number):
    return ua.Variant(number, ua.VariantType.Int32)


def test_the_last_hundred_stay_also_over_a_restart(delivery, settings, keys, outbox):
    outbox.put(*map(make_result, range(101, 226)))
    step_until(delivery, lambda: outbox.count == 0, 60)
    assert sorted(list_results(settings, keys)) == list(range(126, 226))
    delivery.close()
    delivery.step()
    assert list_results(settings, keys) == list(range(126, 226))


def list_results(settings, keys):
    """Return the numbers of the results that a client finds in the folder."""
    consumer = Consumer(settings, keys)
    nodes = consumer.run(consumer.find("VisionSystem", "ResultManagement", "Results").get_children())
    values = consumer.run(consumer.client.read_values(nodes))
    consumer.close()
    return [json.loads(value)["seq"] for value in values]


def test_state_and_alarms_are_shown(delivery, consumer, place, outbox):
    consumer.subscribe("AlarmEventType")
    write_state(place, make_state(heartbeat=7))
    outbox.put(make_alarm())
    step_until(delivery, lambda: consumer.read("VisionSystem", "Heartbeat") == 7)
    assert consumer.read("VisionSystem", "VisionStateMachine", "CurrentState") == "Operational"
    assert consumer.read("VisionSystem", "VisionStateMachine", "AutomaticModeState") == "ContinuousExecution"
    wait_until(lambda: consumer.events)
    assert (consumer.events[0].Alarm, consumer.events[0].Message.Text) == ("camera", "The camera is gone.")
    write_state(place, make_state("error", heartbeat=7))
    step_until(
        delivery, lambda: consumer.read("VisionSystem", "VisionStateMachine", "CurrentState") == "Error"
    )


def test_a_client_that_acknowledges_and_goes_away_has_each_part(settings, keys, tmp_path):
    outbox = SqliteOutbox(tmp_path / "outbox.db")
    outbox.put(*map(make_result, range(1, 41)))
    waiting = OpcuaSettings(**{**vars(settings), "wait_for_client": True, "port": find_port()})
    delivery = make_delivery(OpcuaOutput("mes", waiting, PLACE), outbox, tmp_path)
    delivery.step()
    taken = []

    def take_one(consumer):
        _, texts, _ = consumer.call("GetResultListFiltered", "", LONG_AGO, whole(0))
        new = [each for each in map(json.loads, texts) if each["id"] not in taken]
        if new:
            taken.append(new[0]["id"])
            assert consumer.call("AcknowledgeResult", new[0]["id"]) == 0
        return outbox.count

    first = Consumer(waiting, keys)
    step_until(delivery, lambda: take_one(first) <= 25)
    first.close()
    for _ in range(3):
        delivery.step()
    assert outbox.count in (24, 25), "nothing arrives while nobody is there"
    delivery.close()
    delivery.step()
    second = Consumer(waiting, keys)
    step_until(delivery, lambda: take_one(second) == 0)
    assert taken == [make_result(seq)["id"] for seq in range(1, 41)]
    second.close()
    delivery.close()
    outbox.close()


@pytest.mark.parametrize(
    "who",
    [
        {"password": "wrong"},
        {"user": "other"},
        {"user": None},
        {"encrypted": False},
        {"user": None, "encrypted": False},
    ],
    ids=str,
)
def test_who_is_not_the_user_or_does_not_encrypt_is_not_let_in(delivery, settings, keys, who):
    with pytest.raises((ua.UaError, ConnectionError, TimeoutError)):
        Consumer(settings, keys, timeout=2, **who)


def test_a_client_can_write_nothing(consumer):
    for names in (("VisionSystem", "Heartbeat"), ("VisionSystem", "StationState")):
        with pytest.raises(ua.UaStatusCodeError):
            consumer.run(consumer.find(*names).write_value(consumer.read(*names)))


def test_the_key_is_for_its_owner_only(delivery, settings):
    assert settings.key_file.stat().st_mode & 0o077 == 0


def test_a_port_that_is_taken_is_said(delivery, settings):
    other = OpcuaOutput("other", settings, PLACE)
    with pytest.raises(OutputError, match="cannot listen"):
        other.open()
    other.close()
