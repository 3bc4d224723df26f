"""The help page says of registers, topics and fields what the outputs do."""

import dataclasses
import json
import re

import jsonschema
import pytest

from anomaly_gui.paths import resource
from anomaly_gui.station.outputs.kinds import registers
from anomaly_gui.station.outputs.kinds.csv_file import COLUMNS
from anomaly_gui.station.outputs.kinds.mqtt import make_topic
from anomaly_gui.station.outputs.kinds.opcua_nodes import FIELDS, NAMESPACE
from anomaly_gui.station.outputs.output import STATES, VERDICTS, MessageKind, StationPlace
from anomaly_gui.station.outputs.registry import KINDS

PAGE = resource("help", "station_outputs.md").read_text("utf-8")


def list_addresses(heading):
    rows = PAGE.split(f"| {heading} | words | what |\n| --- | --- | --- |\n")[1].split("\n\n")[0]
    return [int(re.match(r"\| (\d+)", row)[1]) for row in rows.splitlines()]


def test_registers_are_where_the_page_says():
    head = [registers.VERSION, registers.HEARTBEAT, registers.STATE, registers.FAULT, registers.HELD]
    head += [registers.PENDING, registers.NEWEST, registers.TEST, registers.ACK, registers.MODE]
    assert list_addresses("address") == [*head, registers.FIRST_SLOT]
    slot = [registers.SEQ, registers.VERDICT, registers.FLAGS, registers.SCORE, registers.THRESHOLD]
    assert list_addresses("word of a result") == [*slot, registers.BAND, registers.AT, registers.PART]
    last = registers.FIRST_SLOT + registers.SLOT_WORDS * (registers.SLOTS - 1)
    assert f"{registers.FIRST_SLOT}, {registers.FIRST_SLOT + registers.SLOT_WORDS} ... {last} " in PAGE


def test_numbers_of_verdicts_and_states_are_on_the_page():
    verdicts = ", ".join(f"{number} {name.replace('_', ' ')}" for number, name in enumerate(VERDICTS, 1))
    assert verdicts in PAGE
    assert ", ".join(f"{number} {name}" for number, name in enumerate(STATES)) in PAGE


@pytest.mark.parametrize("kind", MessageKind)
def test_topics_are_on_the_page(kind):
    assert f"`{make_topic(StationPlace('{site}', '{line}', '{station}'), kind)}`" in PAGE


def test_fields_of_the_event_are_on_the_page():
    assert [name for name, _ in FIELDS if f"`{name}`" not in PAGE] == []
    assert f"`{NAMESPACE}`" in PAGE


@pytest.mark.parametrize("name", KINDS)
def test_every_setting_is_on_the_page(name):
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]
    assert set(re.findall(r"`(\w+)`", row.split("|")[2])) == {
        field.name for field in dataclasses.fields(KINDS[name].settings)
    }


def test_the_message_on_the_page_is_one():
    text = re.search(r"^    (\{\"id\".*?\})$", PAGE, re.MULTILINE | re.DOTALL)[1]
    schema = json.loads(resource("schemas", "station_result.schema.json").read_text("utf-8"))
    message = json.loads(text.replace('"..."', f'"{"ab" * 32}"'))
    jsonschema.validate(message, schema)
    assert set(message) == set(schema["properties"])


@pytest.mark.parametrize(
    ("name", "heading"), [("result", "| field | meaning |"), ("state", "| field of the state | meaning |")]
)
def test_fields_of_messages_are_explained(name, heading):
    schema = json.loads(resource("schemas", f"station_{name}.schema.json").read_text("utf-8"))
    rows = PAGE.split(heading)[1].split("\n\n")[0].splitlines()[2:]
    explained = {field for row in rows for field in re.findall(r"`(\w+)`", row.split(" | ")[0])}
    assert explained == set(schema["properties"])


def test_fields_of_alarms_are_explained():
    schema = json.loads(resource("schemas", "station_alarm.schema.json").read_text("utf-8"))
    sentences = PAGE.split("An alarm that began or ended")[1].split("\n")[0]
    assert [name for name in schema["properties"] if f"`{name}`" not in sentences] == []


def test_columns_of_the_table_are_on_the_page():
    line = re.search(r"^Columns: (.+)$", PAGE, re.MULTILINE)[1]
    assert tuple(re.findall(r"`(\w+)`", line)) == COLUMNS
