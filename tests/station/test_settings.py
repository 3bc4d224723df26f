import pytest

from anomaly_gui.station.settings.reading import read_settings
from anomaly_gui.station.settings.table import SettingsFileError

WHOLE = """
[station]
site = "Plant 1"
line = "Line 1"
name = "Cell 1"
[capture]
folder = "in"
[judging]
model = "part.anomaly"
[outputs.mes]
kind = "mqtt"
host = "broker"
"""


def _read(tmp_path, text):
    file = tmp_path / "line1.toml"
    file.write_text(text, "utf-8")
    return read_settings(file)


def test_what_is_told_and_what_is_not(tmp_path):
    settings = _read(tmp_path, WHOLE)
    assert (settings.site, settings.line, settings.station) == ("Plant 1", "Line 1", "Cell 1")
    assert settings.capture.folder == settings.capture.judged == tmp_path / "in"
    assert (settings.capture.after, settings.capture.every, settings.capture.patience) == ("move", 0.5, 30)
    assert settings.ledger_file == tmp_path / "records" / "ledger.sqlite3"
    assert [(output.name, output.values["kind"]) for output in settings.outputs] == [("mes", "mqtt")]
    assert len(settings.sha256) == 64


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[station]", "[statoin]", "the table [statoin] is not known"),
        (
            "[judging]\n",
            "[judging]\nmodle = 1\n",
            "“modle” in [judging] is not known: take one of model, runtime",
        ),
        ('site = "Plant 1"', "", "“site” in [station] is missing"),
        ('site = "Plant 1"', "site = 1", "“site” in [station] has to be a text"),
        ('site = "Plant 1"', 'site = "a/b"', "“site” in [station] may hold neither"),
        (
            'folder = "in"',
            'folder = "in"\nafter = "delete"',
            "“after” in [capture] has to be one of move, stay",
        ),
        (
            'folder = "in"',
            'folder = "in"\nevery = 0',
            "“every” in [capture] has to be a number from 0.05 to 60",
        ),
        ('folder = "in"', 'folder = "in"\nevery = true', "“every” in [capture] has to be a number"),
        ('folder = "in"', 'folder = "in"\nname_rule = "("', "“name_rule” in [capture] is no pattern"),
        ('folder = "in"', 'folder = "in"\nname_rule = "a"', "has to have a group"),
        ("[outputs.mes]", "[outputs]", "each output is a table of its own"),
        ("[station]", "[station", "is not TOML"),
    ],
)
def test_a_mistake_is_one_sentence_with_file_table_and_key(tmp_path, old, new, said):
    with pytest.raises(SettingsFileError) as caught:
        _read(tmp_path, WHOLE.replace(old, new))
    assert said in str(caught.value)
    assert str(tmp_path / "line1.toml") in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SettingsFileError, match=r"cannot be read \(No such file"):
        read_settings(tmp_path / "none.toml")


SHIFTS = 'name = "Cell 1"\nshifts = {{early = "{early}", late = "14:00", night = "22:00"}}'


def test_shifts_are_in_the_order_in_which_they_begin(tmp_path):
    settings = _read(tmp_path, WHOLE.replace('name = "Cell 1"', SHIFTS.format(early="22:30")))
    assert [(shift.name, shift.begins) for shift in settings.shifts] == [
        ("late", 840),
        ("night", 1320),
        ("early", 1350),
    ]
    assert _read(tmp_path, WHOLE).shifts == ()


@pytest.mark.parametrize(
    ("early", "said"), [("6", "23:59"), ("24:00", "23:59"), ("14:00", "another shift"), ("", "quotes")]
)
def test_times_of_shifts_that_are_none_are_said(tmp_path, early, said):
    with pytest.raises(SettingsFileError, match=r"station\.shifts") as error:
        _read(tmp_path, WHOLE.replace('name = "Cell 1"', SHIFTS.format(early=early)))
    assert said in str(error.value)


def test_how_long_judging_may_take(tmp_path):
    assert _read(tmp_path, WHOLE).judging_timeout is None
    text = WHOLE.replace('model = "part.anomaly"', 'model = "part.anomaly"\ntimeout = 12')
    assert _read(tmp_path, text).judging_timeout == 12
