"""The group `anomaly-gui station`, and the groups in it."""

from __future__ import annotations

from anomaly_gui.cli.commands.station import people, signing
from anomaly_gui.cli.commands.station.camera import scan_command, trigger_command
from anomaly_gui.cli.commands.station.line import check_command, run_command, show_command, verify_command
from anomaly_gui.cli.commands.station.plant import plant_command
from anomaly_gui.cli.commands.station.records import export_command, prune_command
from anomaly_gui.cli.commands.station.study import plan_command, report_command
from anomaly_gui.cli.commands.station.watching import challenge_command, drift_command
from anomaly_gui.cli.options.groups import make_group
from anomaly_gui.language import mark

STATION_HELP = mark("Judge parts that come by themselves, and record each of them.")
_STUDY_HELP = mark("Study how well people judge parts: the attribute agreement of AIAG.")
_PEOPLE_HELP = mark("The people of a station: who may do what.")

station = make_group(
    {
        "run": run_command,
        "check": check_command,
        "show": show_command,
        "verify": verify_command,
        "export": export_command,
        "plant": plant_command,
        "challenge": challenge_command,
        "drift": drift_command,
        "sign-in": signing.sign_in_command,
        "sign-out": signing.sign_out_command,
        "release": signing.release_command,
        "approve": signing.approve_command,
        "unlock": signing.unlock_station_command,
        "prune": prune_command,
        "trigger": trigger_command,
        "scan": scan_command,
    }
)
station.add_typer(
    make_group({"plan": plan_command, "report": report_command}), name="study", help=_STUDY_HELP
)
station.add_typer(
    make_group(
        {
            "list": people.list_command,
            "add": people.add_command,
            "remove": people.remove_command,
            "role": people.role_command,
            "password": people.password_command,
            "unlock": people.unlock_command,
        }
    ),
    name="people",
    help=_PEOPLE_HELP,
)
