"""A setting of one's own: one field says its name, range, default, help and who sets it."""

from dataclasses import dataclass

import pytest
import typer
from PySide6.QtWidgets import QSpinBox
from typer.testing import CliRunner

from anomaly_gui.cli.options.setting_options import with_settings
from anomaly_gui.detection.settings.declarations import declare_setting
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.errors import ParameterError
from anomaly_gui.gui.train.settings_form import SettingsForm


@dataclass(frozen=True)
class WithExposures(TrainSettings):
    exposures: int = declare_setting(
        3, "Pictures taken of a part.", low=1, high=9, level="basic", former_names=("shots",)
    )


def _run(*arguments):
    given, app = [], typer.Typer()

    @app.command()
    @with_settings(declared=WithExposures)
    def command(settings: WithExposures) -> None:
        given.append(settings.exposures)

    return given, CliRunner().invoke(app, list(arguments))


def test_it_is_checked_and_the_error_names_it():
    assert WithExposures().exposures == 3
    with pytest.raises(ParameterError, match="from 1 to 9") as caught:
        WithExposures(exposures=10)
    assert caught.value.setting == "exposures"


@pytest.mark.parametrize("option", ["--exposures", "--shots"])
def test_it_is_an_option_with_its_help(option):
    given, result = _run(option, "5")
    assert (given, result.exit_code) == ([5], 0)
    shown = " ".join(_run("--help")[1].output.replace("│", "").split())
    assert "Pictures taken of a part. From 1 to 9." in shown


def test_it_is_a_field_of_the_form(qtbot):
    form = SettingsForm(declared=WithExposures)
    qtbot.addWidget(form)
    field = form.fields["exposures"]
    assert isinstance(field, QSpinBox)
    assert (field.value(), field.minimum(), field.maximum()) == (3, 1, 9)
    assert field.toolTip() == "Pictures taken of a part."
    field.setValue(4)
    assert form.read_settings().exposures == 4
