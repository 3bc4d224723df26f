"""The PLC is a pymodbus client, which knows nothing of the map but what the help page says."""

import socket
import struct
import time

import pytest
from pymodbus.client import ModbusTcpClient
from stand_ins import (
    PLACE,
    SqliteOutbox,
    find_port,
    make_alarm,
    make_delivery,
    make_result,
    make_state,
    step_until,
    write_state,
)

from anomaly_gui.station.outputs.kinds.modbus import ModbusOutput
from anomaly_gui.station.outputs.output import OutputError
from anomaly_gui.station.outputs.settings.kinds import ModbusSettings


class Plc:
    """Reads the registers as a PLC does, and acknowledges."""

    def __init__(self, port, high_first=True):
        self.client = ModbusTcpClient("127.0.0.1", port=port, timeout=5)
        assert self.client.connect()
        self.high_first = high_first

    def read(self, address, count, form=None):
        words = self.client.read_holding_registers(address, count=count).registers
        if form is None:
            return words
        ordered = words if self.high_first else words[::-1]
        return struct.unpack(form, b"".join(word.to_bytes(2, "big") for word in ordered))[0]

    def read_slot(self, number):
        at = 100 + 24 * number
        return {
            "seq": self.read(at, 2, ">I"),
            "verdict": self.read(at + 2, 1)[0],
            "flags": self.read(at + 3, 1)[0],
            "score": self.read(at + 4, 2, ">f"),
            "threshold": self.read(at + 6, 2, ">f"),
            "band": self.read(at + 8, 2, ">f"),
            "milliseconds": self.read(at + 10, 4, ">Q"),
            "part": b"".join(word.to_bytes(2, "big") for word in self.read(at + 14, 10))
            .rstrip(b"\0")
            .decode(),
        }

    def acknowledge(self, seq):
        words = [seq >> 16, seq & 0xFFFF]
        return self.client.write_registers(10, words if self.high_first else words[::-1])


@pytest.fixture
def outbox(tmp_path):
    made = SqliteOutbox(tmp_path / "outbox.db")
    yield made
    made.close()


@pytest.fixture
def start(outbox, tmp_path):
    """Return a function that starts a delivery and connects a PLC."""
    made = []

    def start_both(**settings):
        port = find_port()
        delivery = make_delivery(
            ModbusOutput("plc", ModbusSettings("127.0.0.1", port, **settings), PLACE), outbox, tmp_path
        )
        delivery.step()
        plc = Plc(port, settings.get("words") != "low_first")
        made.extend([delivery, plc.client])
        return delivery, plc

    yield start_both
    for each in made[::-1]:
        each.close()


@pytest.mark.parametrize("words", ["high_first", "low_first"])
def test_a_result_stands_in_its_registers(start, outbox, words):
    outbox.put(make_result(70001), make_result(70004))
    delivery, plc = start(words=words)
    step_until(delivery, lambda: plc.read(4, 1) == [2])
    first = plc.read_slot(0)
    assert (first["seq"], first["verdict"], first["flags"], first["part"]) == (70001, 2, 1 + 4, "P-70001")
    assert (first["score"], first["threshold"], first["band"]) == (-12.5 - 70001, -20.25, 1.5)
    assert first["milliseconds"] == 1795689720123
    second = plc.read_slot(1)
    assert (second["seq"], second["verdict"], second["flags"]) == (70004, 5, 4)
    assert second["score"] != second["score"], "none: not a number"
    assert plc.read_slot(2)["verdict"] == 0
    assert plc.read(8, 2, ">f") == 1234.5
    assert plc.read(6, 2, ">I") == 70004
    assert plc.client.read_input_registers(0, count=1).registers == [1]


def test_eight_are_held_until_the_plc_takes_them(start, outbox):
    outbox.put(*map(make_result, range(1, 21)))
    delivery, plc = start()
    step_until(delivery, lambda: plc.read(4, 1) == [8])
    assert [plc.read_slot(number)["seq"] for number in range(8)] == list(range(1, 9))
    assert plc.read(3, 1)[0] & 4, "the buffer is full"
    assert outbox.count == 20
    plc.acknowledge(3)
    assert [plc.read_slot(number)["seq"] for number in range(5)] == [4, 5, 6, 7, 8]
    step_until(delivery, lambda: outbox.count == 17)
    step_until(delivery, lambda: plc.read(4, 1) == [8])
    assert plc.read_slot(7)["seq"] == 11
    for strange in (3, 0, 999):
        plc.acknowledge(strange)
    assert plc.read_slot(0)["seq"] == 4


def test_a_plc_that_goes_away_and_comes_back_takes_each_part(start, outbox):
    outbox.put(*map(make_result, range(1, 41)))
    delivery, plc = start()
    taken = []

    def take_one():
        slot = plc.read_slot(0)
        if slot["verdict"]:
            taken.append(slot["seq"])
            plc.acknowledge(slot["seq"])
        return outbox.count

    step_until(delivery, lambda: take_one() <= 25)
    plc.client.close()
    for _ in range(5):
        delivery.step()
    delivery.close()  # and the station's process ends as well
    plc_port = plc.client.comm_params.port
    delivery.step()
    plc.client = Plc(plc_port).client
    step_until(delivery, lambda: take_one() == 0)
    assert list(dict.fromkeys(taken)) == list(range(1, 41))
    plc.client.close()


def test_free_running_shows_the_newest_first(start, outbox):
    outbox.put(*map(make_result, range(1, 21)))
    delivery, plc = start(mode="free_running")
    step_until(delivery, lambda: outbox.count == 0)
    assert [plc.read_slot(number)["seq"] for number in range(8)] == list(range(20, 12, -1))
    assert plc.read(12, 1) == [1]
    delivery.close()
    delivery.step()
    plc.client.close()
    plc.client.connect()
    assert plc.read_slot(0)["seq"] == 20, "after a restart, too"


def test_the_heartbeat_stops_with_the_station_and_the_fault_is_said(start, tmp_path):
    write_state(tmp_path, make_state(heartbeat=65537))
    delivery, plc = start()
    step_until(delivery, lambda: plc.read(1, 1) == [1])
    assert plc.read(2, 2) == [1, 0]
    assert plc.read(5, 1) == [70]
    old = "2026-11-26T10:42:00.123Z"
    write_state(tmp_path, make_state(heartbeat=65537, at=old, alarms=[make_alarm()]))
    step_until(delivery, lambda: plc.read(1, 3) == [1, 5, 1 + 16])


def test_before_the_station_says_anything_that_is_a_fault(start):
    _, plc = start()
    assert plc.read(2, 2) == [0, 2]


def test_only_the_acknowledgement_can_be_written(start, outbox):
    outbox.put(make_result(1))
    delivery, plc = start()
    step_until(delivery, lambda: plc.read(4, 1) == [1])
    before = plc.read(0, 100)
    for address, values in ((0, [7]), (102, [1]), (9, [0, 0, 1]), (10, [0])):
        assert plc.client.write_registers(address, values).isError()
    assert plc.client.write_register(102, 1).isError()
    assert plc.client.write_coil(0, True).isError()
    assert plc.client.read_coils(0, count=8).isError()
    assert plc.client.read_holding_registers(290, count=5).isError()
    assert plc.read(0, 100) == before


def test_a_port_that_is_taken_is_said(start):
    _, plc = start()
    other = ModbusOutput("plc", ModbusSettings("127.0.0.1", plc.client.comm_params.port), PLACE)
    with pytest.raises(OutputError, match="cannot listen"):
        other.open()
    other.close()


def test_a_connection_that_is_just_coming_is_closed_with_the_rest():
    """Not closed, its socket would be left to the garbage, which complains."""
    port = find_port()
    output = ModbusOutput("plc", ModbusSettings("127.0.0.1", port), PLACE)
    output.open()
    output._thread._loop.call_soon_threadsafe(time.sleep, 0.3)
    with socket.create_connection(("127.0.0.1", port)) as late:
        output.close()
        late.settimeout(5)
        assert late.recv(1) == b"", "the station has closed it"


def test_no_read_sees_half_of_a_change(start, outbox):
    """Each slot holds one number in two places."""
    delivery, plc = start(mode="free_running")
    seq, until = 0, time.monotonic() + 1.0
    while time.monotonic() < until:
        seq += 1
        outbox.put(make_result(5 * seq, score=5.0 * seq))
        delivery.step()
        words = plc.read(100, 120)
        for at in range(0, 120, 24):
            number, score = struct.unpack(
                ">I4xf", b"".join(word.to_bytes(2, "big") for word in words[at : at + 6])
            )
            assert number == score
