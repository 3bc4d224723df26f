"""The nodes of the OPC UA output: names as in OPC 40100-1, Machine Vision, in a namespace of our own."""

from __future__ import annotations

import json
from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from asyncua import ua

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from asyncua.common.node import Node
    from asyncua.server.event_generator import EventGenerator
    from asyncua.server.server import Server

NAMESPACE = "urn:anomaly-gui:station"
REMEMBERED = 100
"""Results that stay in the folder Results."""

STRING, NUMBER, WHOLE, SWITCH, MOMENT = (
    ua.VariantType.String,
    ua.VariantType.Double,
    ua.VariantType.Int64,
    ua.VariantType.Boolean,
    ua.VariantType.DateTime,
)
FIELDS = (
    *(("ResultId", STRING), ("IsPartial", SWITCH), ("IsSimulated", SWITCH), ("ResultState", WHOLE)),
    *(("MeasId", STRING), ("PartId", STRING), ("JobId", STRING), ("InternalRecipeId", STRING)),
    *(("InternalConfigurationId", STRING), ("CreationTime", MOMENT), ("ProcessingTimes", NUMBER)),
    *(("ResultContent", STRING), ("SequenceNumber", WHOLE), ("Verdict", STRING), ("Score", NUMBER)),
    *(("Threshold", NUMBER), ("IsChallenge", SWITCH)),
)
"""Names and types of a result: its properties, and the fields of its event; the last five are ours."""

VISION_STATES = {
    "starting": "Preoperational",
    "running": "Operational",
    "paused": "Operational",
    "locked": "Halted",
    "stopped": "Halted",
    "error": "Error",
}
MODE_STATES = {"running": "ContinuousExecution", "paused": "Initialized"}
COMPLETED, ABORTED = 1, 3


def list_values(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return the value of each field of a result.

    The score of a part without one is NaN; `ResultState` is 1, completed, or 3, aborted, for a fault.
    """
    return {
        "ResultId": message["id"],
        "IsPartial": False,
        "IsSimulated": message["is_simulated"],
        "ResultState": ABORTED if message["verdict"] == "error" else COMPLETED,
        "MeasId": message["picture"]["sha256"],
        "PartId": message["part"] or "",
        "JobId": message["lot"] or "",
        "InternalRecipeId": message["model"]["sha256"],
        "InternalConfigurationId": message["version"],
        "CreationTime": read_datetime(message["at"]),
        "ProcessingTimes": float(sum(message["milliseconds"].values())),
        "ResultContent": json.dumps(message, ensure_ascii=False),
        "SequenceNumber": message["seq"],
        "Verdict": message["verdict"],
        "Score": float("nan") if message["score"] is None else float(message["score"]),
        "Threshold": float(message["threshold"]),
        "IsChallenge": message["is_challenge"],
    }


def read_datetime(text: str) -> datetime:
    """Return the moment of a message.

    >>> read_datetime("2026-11-26T10:42:00.123Z").isoformat()
    '2026-11-26T10:42:00.123000+00:00'
    """
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@dataclass(frozen=True)
class VisionNodes:
    """The nodes that change, and what raises events."""

    index: int
    results: Node
    state: dict[str, Node]
    ready: tuple[EventGenerator, ...]
    alarmed: tuple[EventGenerator, ...]


class VisionSystem:
    """The address space of one station, used in the server's thread only.

    Parameters
    ----------
    acknowledge : called with the `seq` of a result that a client has acknowledged
    """

    def __init__(self, acknowledge: Callable[[int], bool]) -> None:
        self._acknowledge = acknowledge
        self._results: OrderedDict[str, Mapping[str, Any]] = OrderedDict()
        self._places: deque[dict[str, Node]] = deque()
        self._nodes: VisionNodes

    async def build(self, server: Server, name: str) -> None:
        """Make the nodes in a server that has been initialised but not started."""
        index = await server.register_namespace(NAMESPACE)
        vision = await server.nodes.objects.add_object(index, "VisionSystem")
        await vision.add_property(index, "Station", name)
        state = await _add_state(vision, index)
        management = await vision.add_object(index, "ResultManagement")
        results = await management.add_folder(index, "Results")
        await self._add_methods(management, index)
        ready = await server.create_custom_event_type(index, "ResultReadyEventType", properties=list(FIELDS))
        alarm = await server.create_custom_event_type(
            index, "AlarmEventType", properties=[("Alarm", STRING), ("IsActive", SWITCH)]
        )
        sources = (vision, server.nodes.server)
        self._nodes = VisionNodes(
            index,
            results,
            state,
            tuple([await server.get_event_generator(ready, node.nodeid) for node in sources]),
            tuple([await server.get_event_generator(alarm, node.nodeid) for node in sources]),
        )

    async def show_result(self, message: Mapping[str, Any], with_event: bool) -> None:
        """Put a result into the folder, unless it is there, and raise the event."""
        values = list_values(message)
        if message["id"] not in self._results:
            await self._put_result(values)
            self._results[message["id"]] = message
        if with_event:
            text = f"{message['verdict']} {message['part'] or message['seq']}"
            await _raise_events(self._nodes.ready, values, text)

    async def show_state(self, message: Mapping[str, Any]) -> None:
        """Write the state of the station."""
        values = {
            "CurrentState": VISION_STATES[message["state"]],
            "AutomaticModeState": MODE_STATES.get(message["state"], ""),
            "StationState": message["state"],
            "Heartbeat": message["heartbeat"],
            "Backlog": message.get("backlog", {}).get("count", 0),
        }
        for name, value in values.items():
            node = self._nodes.state[name]
            await node.write_value(value, WHOLE if isinstance(value, int) else STRING)

    async def show_alarm(self, message: Mapping[str, Any]) -> None:
        """Raise the event of an alarm."""
        values = {"Alarm": message["alarm"], "IsActive": message["is_active"]}
        await _raise_events(self._nodes.alarmed, values, message["text"])

    async def _put_result(self, values: Mapping[str, Any]) -> None:
        """Write a result into a new place, or that of the oldest: to delete nodes takes 0.1 s."""
        if len(self._results) < REMEMBERED:
            self._places.append(await self._add_place(len(self._places), values))
            return
        self._results.popitem(last=False)
        place = self._places.popleft()
        self._places.append(place)
        for name, kind in FIELDS:
            await place[name].write_value(values[name], kind)

    async def _add_place(self, number: int, values: Mapping[str, Any]) -> dict[str, Node]:
        index = self._nodes.index
        content = values["ResultContent"]
        node = await self._nodes.results.add_variable(index, f"Result{number:02d}", content, STRING)
        place = {"ResultContent": node}
        for name, kind in FIELDS:
            if name not in place:
                place[name] = await node.add_property(index, name, values[name], kind)
        return place

    async def _add_methods(self, management: Node, index: int) -> None:
        text, number, moment, switch = STRING, ua.VariantType.Int32, MOMENT, SWITCH
        methods: tuple[tuple[str, Any, list[Any], list[Any]], ...] = (
            (
                "GetResultById",
                self._get_result,
                [_describe("ResultId", text)],
                _describe_answer("Result", text),
            ),
            (
                "GetResultListFiltered",
                self._list_results,
                [
                    _describe("PartId", text),
                    _describe("CreatedFrom", moment),
                    _describe("MaxResults", number),
                ],
                [
                    _describe("IsComplete", switch),
                    _describe("ResultList", text, ua.ValueRank.OneDimension),
                    _describe("Error", number),
                ],
            ),
            (
                "AcknowledgeResult",
                self._acknowledge_result,
                [_describe("ResultId", text)],
                [_describe("Error", number)],
            ),
        )
        for name, answer, given, returned in methods:
            await management.add_method(index, name, _wrap_answer(answer), given, returned)

    def _get_result(self, result_id: str) -> list[ua.Variant]:
        if result_id not in self._results:
            return [ua.Variant("", STRING), _say_error(1)]
        return [
            ua.Variant(json.dumps(self._results[result_id], ensure_ascii=False), STRING),
            _say_error(0),
        ]

    def _list_results(self, part: str, since: datetime | None, most: int) -> list[ua.Variant]:
        found = [json.dumps(each, ensure_ascii=False) for each in self._find_results(part, since)]
        some = found[:most] if most > 0 else found
        return [
            ua.Variant(len(some) == len(found), SWITCH),
            ua.Variant(some, STRING, is_array=True),
            _say_error(0),
        ]

    def _find_results(self, part: str, since: datetime | None) -> Iterator[Mapping[str, Any]]:
        for message in self._results.values():
            is_wanted = not part or message["part"] == part
            if is_wanted and (since is None or read_datetime(message["at"]) >= since):
                yield message

    def _acknowledge_result(self, result_id: str) -> list[ua.Variant]:
        found = self._results.get(result_id)
        return [_say_error(0 if found is not None and self._acknowledge(found["seq"]) else 1)]


async def _add_state(vision: Node, index: int) -> dict[str, Node]:
    machine = await vision.add_object(index, "VisionStateMachine")
    return {
        "CurrentState": await machine.add_variable(index, "CurrentState", "Preoperational", STRING),
        "AutomaticModeState": await machine.add_variable(index, "AutomaticModeState", "", STRING),
        "StationState": await vision.add_variable(index, "StationState", "starting", STRING),
        "Heartbeat": await vision.add_variable(index, "Heartbeat", 0, WHOLE),
        "Backlog": await vision.add_variable(index, "Backlog", 0, WHOLE),
    }


async def _raise_events(events: tuple[EventGenerator, ...], values: Mapping[str, Any], text: str) -> None:
    for each in events:
        for name, value in values.items():
            setattr(each.event, name, value)
        each.event.Severity = 500
        await each.trigger(message=text)


def _describe(name: str, kind: ua.VariantType, rank: ua.ValueRank = ua.ValueRank.Scalar) -> ua.Argument:
    return ua.Argument(Name=name, DataType=ua.NodeId(ua.Int32(kind.value)), ValueRank=rank)


def _describe_answer(name: str, kind: ua.VariantType) -> list[ua.Argument]:
    return [_describe(name, kind), _describe("Error", ua.VariantType.Int32)]


def _say_error(number: int) -> ua.Variant:
    return ua.Variant(number, ua.VariantType.Int32)


def _wrap_answer(answer: Callable[..., list[ua.Variant]]) -> Callable[..., Awaitable[list[ua.Variant]]]:
    """Return a method for the server: called with the node and variants, it gives an answer their values."""

    async def call_method(_parent: ua.NodeId, *given: ua.Variant) -> list[ua.Variant]:
        return answer(*(each.Value for each in given))

    return call_method
