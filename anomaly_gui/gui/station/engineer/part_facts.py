"""What the records say of one part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from anomaly_gui.gui.station.feed.moments import write_day
from anomaly_gui.gui.station.looks import MARKS, mark_challenge

if TYPE_CHECKING:
    from anomaly_gui.station.ledger.reading import ResultRow

translate = QCoreApplication.translate


def list_facts(row: ResultRow) -> list[tuple[str, str]]:
    """Return names and values; what is not known is left out."""
    facts = [
        (translate("Station", "Verdict"), mark_challenge(row, f"{MARKS[row.verdict]} {row.verdict.told}")),
        (translate("Station", "Score"), _write_score(row)),
        (translate("Station", "Reason"), row.reason),
        (translate("Station", "Part"), row.part or ""),
        (translate("Station", "Lot"), row.lot or ""),
        (translate("Station", "Time"), f"{write_day(row.at)}  ({row.at})"),
        (translate("Station", "Operator"), row.operator or ""),
        (translate("Station", "Shift"), row.shift or ""),
        (translate("Station", "Picture"), str(row.image_path)),
        ("SHA-256", row.image_sha256),
        (translate("Station", "Model"), f"{row.model_name}  {row.model_sha256}"),
        (translate("Station", "Took"), _write_times(row)),
        (translate("Station", "Look"), _write_look(row)),
        (translate("Station", "Number"), f"{row.seq:,}  ({row.id})"),
        (translate("Station", "Hash"), row.hash),
    ]
    return [(name, value) for name, value in facts if value]


def _write_score(row: ResultRow) -> str:
    if row.score is None:
        return ""
    sign = "<" if row.score < row.threshold else "≥"
    band = f" ± {row.band:.4g}" if row.band else ""
    return f"{row.score:.6g} {sign} {row.threshold:.6g}{band}"


def _write_times(row: ResultRow) -> str:
    steps = ", ".join(f"{step} {milliseconds:.0f}" for step, milliseconds in row.milliseconds.items())
    total = sum(row.milliseconds.values())
    return f"{total:.0f} ms ({steps})" if steps else ""


def _write_look(row: ResultRow) -> str:
    if row.brightness is None or row.contrast is None or row.sharpness is None:
        return ""
    text = translate("Station", "brightness %1, contrast %2, sharpness %3")
    for place, value in enumerate((row.brightness, row.contrast, row.sharpness), 1):
        text = text.replace(f"%{place}", f"{value:.3g}")
    return text
