"""What an engineer approved: the file of settings, the model with its threshold and region, outputs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.detection.model.model_file import digest_model, open_model
from anomaly_gui.language import mark, translate
from anomaly_gui.station.access.history import APPROVED, read_history
from anomaly_gui.station.access.roles import AccessError, Action
from anomaly_gui.station.access.signing import require_intact, signing
from anomaly_gui.station.ledger.engine import explaining
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from anomaly_gui.station.access.history import History
    from anomaly_gui.station.settings.station_settings import StationSettings

_PARTS = {
    "settings": mark("settings"),
    "model": mark("model"),
    "threshold": mark("threshold"),
    "region": mark("region of interest"),
    "outputs": mark("outputs"),
}


@dataclass(frozen=True)
class Offered:
    """What a station would work with, as the audit has it once it is approved.

    Parameters
    ----------
    settings, model : digests of the two files
    model_name : of the model's file
    threshold : in full
    region : the region of interest as JSON; "[]" for the whole image
    outputs : digest of what is sent where
    access : what is asked of people, as JSON
    """

    settings: str
    model: str
    model_name: str
    threshold: str
    region: str
    outputs: str
    access: str


def read_offered(settings: StationSettings) -> Offered:
    """Return what a station would work with; ModelFileError where its model cannot be opened."""
    digest, model = digest_model(settings.model), open_model(settings.model)
    return Offered(
        settings=settings.sha256,
        model=digest,
        model_name=settings.model.name,
        threshold=repr(model.threshold.value),
        region=json.dumps(model.detector.plan.interest.to_values()),
        outputs=digest_outputs(settings),
        access=json.dumps(vars(settings.access), sort_keys=True),
    )


def digest_outputs(settings: StationSettings) -> str:
    """Return the SHA-256 of what is sent where, and under which names."""
    place = (settings.site, settings.line, settings.station)
    tables = [(output.name, dict(output.values)) for output in settings.outputs]
    server = None if settings.postgresql is None else vars(settings.postgresql)
    text = json.dumps([place, str(settings.records), tables, server], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def approve_station(engine: Engine, settings: StationSettings, signer: str, why: str) -> list[str]:
    """Record that a station may work with its files as they are now; return the names of what is new.

    Raises
    ------
    AccessError : the role may not, there is no reason, or the model was not released
    """
    offered = read_offered(settings)
    with signing(engine, signer, Action.APPROVE, why) as signed:
        if offered.model not in signed.history.released:
            raise AccessError(
                translate("{path} was not released: an engineer releases it first.", path=settings.model)
            )
        before = {key: signed.history.approved.get(key) for key in vars(offered)}
        was = json.dumps(before, sort_keys=True) if signed.history.approved else ""
        signed.add(APPROVED, was, json.dumps(vars(offered), sort_keys=True))
    return [key for key, value in vars(offered).items() if before[key] != value]


def word_approval(new: list[str]) -> str:
    """Return the sentences that say what was approved, by the names of what is new."""
    told = join_list([translate(_PARTS[part]) for part in new if part in _PARTS])
    first = translate("Approved. What is new: {parts}.", parts=told or translate("nothing"))
    return f"{first}\n" + translate("A station that runs with others has to be started anew.")


def find_obstacle(history: History, settings: StationSettings, model: str) -> str:
    """Return why a station may not judge with these settings and a model of this digest; "" where it may."""
    if history.faults:
        return translate("The records were changed by hand: {fault}", fault=history.faults[0])
    if history.lock:
        return translate("The station is locked until an engineer signs: {why}", why=history.lock)
    if not history.people:
        return ""
    if changed := _find_changed_settings(history, settings):
        return changed
    if history.approved.get("model") != model or model not in history.released:
        return translate(
            "{path} is not the model that was approved: put that back, or let an engineer release and "
            "approve this one; then start anew.",
            path=settings.model,
        )
    return ""


def require_approved_settings(engine: Engine, settings: StationSettings) -> None:
    """Raise AccessError where the station has people, and none of them approved the settings as they are."""
    with explaining(engine), engine.connect() as connection:
        history = read_history(connection)
    require_intact(history)
    if history.people and (changed := _find_changed_settings(history, settings)):
        raise AccessError(changed)


def _find_changed_settings(history: History, settings: StationSettings) -> str:
    if not history.approved:
        return translate("Nobody has approved the settings and the model: an engineer has to.")
    if history.approved.get("settings") != settings.sha256:
        return translate(
            "{path} is not as it was approved: put it back, or let an engineer approve it; then start anew.",
            path=settings.file,
        )
    return ""
