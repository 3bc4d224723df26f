import time

import pytest
from stand_ins import (
    RecordingOutput,
    SqliteOutbox,
    make_alarm,
    make_delivery,
    make_result,
    make_state,
    step_until,
    write_state,
)

from anomaly_gui.station.outputs.delivery import Pace
from anomaly_gui.station.outputs.health import read_health
from anomaly_gui.station.outputs.output import MessageKind, OutputError


@pytest.fixture
def outbox(tmp_path):
    made = SqliteOutbox(tmp_path / "outbox.db")
    yield made
    made.close()


def seqs_of(messages):
    return [each["seq"] for each in messages if "seq" in each]


def test_results_go_out_in_order_and_are_acknowledged(outbox, tmp_path):
    outbox.put(*map(make_result, range(1, 251)))
    output = RecordingOutput()
    delivery = make_delivery(output, outbox, tmp_path)
    step_until(delivery, lambda: outbox.count == 0)
    assert seqs_of(output.sent) == list(range(1, 251))
    assert output.sent[6] == make_result(7)


def test_what_fails_is_sent_again_and_nothing_overtakes_it(outbox, tmp_path):
    outbox.put(*map(make_result, range(1, 41)))
    failures = iter([None, None, OutputError("the plug is out"), None] * 20)

    def fail(what):
        if error := next(failures, None):
            raise error

    output = RecordingOutput(fails=fail)
    delivery = make_delivery(output, outbox, tmp_path)
    step_until(delivery, lambda: outbox.count == 0)
    assert list(dict.fromkeys(seqs_of(output.sent))) == list(range(1, 41))
    assert output.closed >= 5


def test_waits_double_and_the_error_is_said_until_something_arrives(outbox, tmp_path):
    outbox.put(make_result(1))
    is_down = [True]

    def fail(what):
        if is_down[0]:
            raise OutputError("the plug is out")

    output = RecordingOutput(fails=fail)
    delivery = make_delivery(output, outbox, tmp_path, Pace(0.05, 0.2, 0.0))
    until = time.monotonic() + 0.9
    while time.monotonic() < until:
        time.sleep(min(delivery.step(), 0.01))
    assert 2 <= output.opened <= 6  # at 0, 0.05, 0.15, 0.35, 0.55, 0.75
    health = read_health(tmp_path / "health.json")
    assert (health.pending, health.last_error) == (1, "the plug is out")
    assert health.oldest_seconds > 0.3
    is_down[0] = False
    step_until(delivery, lambda: read_health(tmp_path / "health.json").pending == 0)
    assert read_health(tmp_path / "health.json").last_error == ""


def test_a_full_disk_is_a_failure_like_others(outbox, tmp_path):
    outbox.put(make_result(1))
    failures = [OSError(28, "No space left on device")]

    def fail(what):
        if failures and what != "open":
            raise failures.pop()

    output = RecordingOutput(fails=fail)
    step_until(make_delivery(output, outbox, tmp_path), lambda: outbox.count == 0)
    assert seqs_of(output.sent) == [1]


def test_what_is_held_is_acknowledged_when_it_is_taken(outbox, tmp_path):
    outbox.put(*map(make_result, range(1, 21)))
    output = RecordingOutput()
    output.window = 8
    delivery = make_delivery(output, outbox, tmp_path)
    step_until(delivery, lambda: len(output.sent) == 8)
    delivery.step()
    assert len(output.sent) == 8
    assert outbox.count == 20
    output.arrived = 3
    step_until(delivery, lambda: len(output.sent) == 11)
    assert [each.number for each in outbox.read_pending("own", 0, 100)] == list(range(4, 21))
    delivery.close()
    step_until(delivery, lambda: len(output.sent) == 19)
    assert seqs_of(output.sent)[11:] == list(range(4, 12)), "what nobody took is sent again"


def test_who_remembers_is_given_what_had_arrived(outbox, tmp_path):
    outbox.put(*map(make_result, range(1, 31)))
    outbox.acknowledge("own", range(1, 26))
    output = RecordingOutput()
    output.remembers = 10
    step_until(make_delivery(output, outbox, tmp_path), lambda: outbox.count == 0)
    assert seqs_of(output.recalled) == list(range(16, 26))
    assert seqs_of(output.sent) == list(range(26, 31))


class Taking(RecordingOutput):
    takes = frozenset(MessageKind)


def test_the_state_is_sent_when_it_changes(outbox, tmp_path):
    write_state(tmp_path, make_state())
    output = Taking()
    delivery = make_delivery(output, outbox, tmp_path)
    step_until(delivery, lambda: output.sent)
    for _ in range(5):
        time.sleep(0.03)
        delivery.step()
    assert [each["heartbeat"] for each in output.sent] == [1]
    write_state(tmp_path, make_state(heartbeat=2))
    step_until(delivery, lambda: len(output.sent) == 2)


def test_alarms_are_in_order_with_results_and_pass_who_does_not_take_them(outbox, tmp_path):
    outbox.put(make_result(1), make_alarm(), make_alarm(is_active=False))
    output, other = Taking(), RecordingOutput()
    step_until(make_delivery(output, outbox, tmp_path), lambda: outbox.count == 0)
    assert output.sent == [make_result(1), make_alarm(), make_alarm(is_active=False)]
    outbox.put(make_alarm(), make_result(5))
    step_until(make_delivery(other, outbox, tmp_path), lambda: outbox.count == 0)
    assert other.sent == [make_result(5)]


def test_a_station_that_says_nothing_any_more_has_failed(outbox, tmp_path):
    write_state(tmp_path, make_state(at="2026-11-26T10:42:00.123Z"))
    output = Taking()
    step_until(make_delivery(output, outbox, tmp_path), lambda: output.sent)
    assert (output.sent[0]["state"], output.sent[0]["heartbeat"]) == ("error", 1)
