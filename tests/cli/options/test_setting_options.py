from dataclasses import fields

import typer
from typer.testing import CliRunner

from anomaly_gui.cli.options.setting_options import with_settings
from anomaly_gui.detection.settings.train_settings import SETTINGS, TrainSettings


def _told(arguments, *names):
    told = []
    app = typer.Typer()

    @app.command()
    @with_settings(*names)
    def command(settings: TrainSettings) -> None:
        told.append(settings)

    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    return told[0]


def test_every_setting_is_declared_with_its_default():
    assert {one.name: one.default for one in fields(TrainSettings)} == {
        name: parameter.default for name, parameter in SETTINGS.items()
    }


def test_nothing_said_gives_the_defaults():
    assert _told([]) == TrainSettings()


def test_options_reach_their_settings():
    arguments = ["--detector", "pooled", "--layer", "block3_pool", "--size", "64"]
    arguments += ["--false-alarm-rate", "0.02", "--unsure", "3"]
    assert _told(arguments) == TrainSettings(
        detector="pooled", layer="block3_pool", size=64, false_alarm_rate=0.02, unsure=3
    )


def test_a_command_may_take_a_few_settings_only():
    assert _told(["--size", "64"], ("size",)) == TrainSettings(size=64)
