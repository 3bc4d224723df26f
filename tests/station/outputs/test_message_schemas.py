import json

import jsonschema
import pytest
from stand_ins import make_alarm, make_result, make_state

from anomaly_gui.paths import resource
from anomaly_gui.station.outputs.kinds.registers import STATES, VERDICTS


def load_schema(name):
    return json.loads(resource("schemas", f"station_{name}.schema.json").read_text("utf-8"))


@pytest.mark.parametrize(
    "name, message",
    [
        ("result", make_result(1)),
        ("result", make_result(4, look=None, part=None, lot=None, band=None)),
        ("state", make_state()),
        ("state", {"state": "error", "at": "2026-11-26T10:42:00.123Z", "heartbeat": 0}),
        ("alarm", make_alarm()),
    ],
)
def test_messages_are_as_their_schemas_say(name, message):
    jsonschema.Draft202012Validator.check_schema(load_schema(name))
    jsonschema.validate(message, load_schema(name))


@pytest.mark.parametrize(
    "change", [{"verdict": "fine"}, {"at": "10:42"}, {"regions": [[1, 2, 3]]}, {"more": 1}]
)
def test_other_messages_are_refused(change):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(make_result(1, **change), load_schema("result"))


def test_verdicts_and_states_are_those_of_the_schemas():
    assert list(VERDICTS) == load_schema("result")["properties"]["verdict"]["enum"]
    assert list(STATES) == load_schema("state")["properties"]["state"]["enum"]
