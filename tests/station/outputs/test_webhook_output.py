import pytest
from http_peer import HttpPeer
from stand_ins import PLACE, SqliteOutbox, find_port, make_alarm, make_delivery, make_result, step_until

from anomaly_gui.station.outputs.kinds.webhook import WebhookOutput
from anomaly_gui.station.outputs.output import OutputError
from anomaly_gui.station.outputs.settings.kinds import WebhookSettings


@pytest.fixture
def peer():
    made = HttpPeer(find_port()).start()
    yield made
    made.stop()


@pytest.fixture
def outbox(tmp_path):
    made = SqliteOutbox(tmp_path / "outbox.db")
    yield made
    made.close()


def make_output(peer, **changes):
    return WebhookOutput("mes", WebhookSettings(f"http://127.0.0.1:{peer.port}/parts", **changes), PLACE)


def list_ids(messages):
    return list(dict.fromkeys(each["id"] for each in messages))


def test_the_same_json_arrives_with_its_key(peer, outbox, tmp_path):
    (tmp_path / "token").write_text("s3cret\n")
    outbox.put(*map(make_result, range(1, 31)))
    output = make_output(peer, token_file=tmp_path / "token")
    delivery = make_delivery(output, outbox, tmp_path)
    step_until(delivery, lambda: outbox.count == 0)
    delivery.close()
    assert peer.taken == list(map(make_result, range(1, 31)))
    assert [each["Idempotency-Key"] for each in peer.headers] == [each["id"] for each in peer.taken]
    assert peer.headers[0]["Authorization"] == "Bearer s3cret"
    assert peer.headers[0]["Content-Type"] == "application/json"


def test_alarms_arrive_too(peer, outbox, tmp_path):
    outbox.put(make_alarm())
    delivery = make_delivery(make_output(peer), outbox, tmp_path)
    step_until(delivery, lambda: peer.taken)
    delivery.close()
    assert peer.taken == [make_alarm()]
    assert peer.headers[0]["Anomaly-Message"] == "alarm"


@pytest.mark.parametrize("status", [500, 503, 429, 404, 302])
def test_other_answers_are_failures(peer, status):
    peer.answers = [status]
    output = make_output(peer)
    output.open()
    with pytest.raises(OutputError, match=str(status)):
        output.send(make_result(1))
    output.send(make_result(1))
    output.close()


def test_a_server_that_goes_away_and_comes_back_has_each_part(peer, outbox, tmp_path):
    """Some answers are lost after the server took the part: those come twice, with the same key."""
    outbox.put(*map(make_result, range(1, 61)))
    peer.answers = [204, 0, 204, 500, 0, 204, 503]
    delivery = make_delivery(make_output(peer), outbox, tmp_path)
    step_until(delivery, lambda: len(peer.taken) >= 20)
    peer.stop()
    outbox.put(*map(make_result, range(61, 81)))
    step_until(delivery, lambda: "reached" in delivery.last_error)
    peer.start()
    step_until(delivery, lambda: outbox.count == 0)
    delivery.close()
    assert list_ids(peer.taken) == [make_result(seq)["id"] for seq in range(1, 81)]
    assert len(peer.taken) > 80, "what was not confirmed came again"
