import pytest

from anomaly_gui.errors import UserError
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
    assert (settings.access.idle_after, settings.access.lock_for) == (600, 900)


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
        (
            "[judging]",
            "[access]\nlock_for = 1\n[judging]",
            "“lock_for” in [access] has to be a number from 60",
        ),
        (
            "[judging]",
            "[access]\nidle = 1\n[judging]",
            "“idle” in [access] is not known: take one of idle_after",
        ),
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


SERVER = '[postgresql]\nurl = "postgresql://ann@db.plant:5433/plant?sslmode=verify-full"\n'


def test_a_server_is_read(line):
    line.file.write_text(line.file.read_text("utf-8") + SERVER + 'password_file = "secret"\n', "utf-8")
    found = read_settings(line.file).postgresql
    assert (found.name, found.password_file) == ("db.plant:5433/plant", line.folder / "secret")
    with pytest.raises(UserError, match="secret"):
        found.read_password()
    (line.folder / "secret").write_text("a word\nand another", "utf-8")
    assert found.read_password() == "a word"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://ann:hunter2@db/plant", "may hold no password"),
        ("postgresql://ann@db/plant?password=hunter2", "may hold no password"),
        ("mysql://hunter2@db/plant", "has to be an address"),
        ("postgresql://db", "has to be an address"),
        ("postgresql://db:hunter2/plant", "has to be an address"),
    ],
)
def test_the_address_of_a_server_holds_no_password_and_none_is_repeated(line, url, told):
    line.file.write_text(line.file.read_text("utf-8") + f'[postgresql]\nurl = "{url}"\n', "utf-8")
    with pytest.raises(UserError, match=told) as caught:
        read_settings(line.file)
    assert "hunter2" not in str(caught.value)
    assert "“url” in [postgresql]" in str(caught.value)


def test_how_long_pictures_are_kept_is_read(line):
    assert read_settings(line.file).keep.is_endless
    keep = "[keep]\ndays = 90\n[keep.good]\ngigabytes = 1.5\n[keep.defect]\n"
    line.file.write_text(line.file.read_text("utf-8") + keep, "utf-8")
    rules = read_settings(line.file).keep.rules
    assert {word: (rule.days, rule.gigabytes) for word, rule in rules.items()} == {
        "good": (None, 1.5),
        "defect": (None, None),
        "unsure": (90, None),
        "cannot_judge": (90, None),
        "error": (90, None),
    }


@pytest.mark.parametrize(
    ("keep", "told"),
    [
        ("[keep]\ndays = 0\n", "“days” in .keep. has to be a number from"),
        ("[keep]\ngood = 7\n", "“good” in .keep. has to be a table of its own: .keep.good."),
        ("[keep.good]\nweeks = 1\n", "“weeks” in .keep.good. is not known"),
        ("[keep.bad]\ndays = 1\n", "“bad” in .keep. is not known"),
    ],
)
def test_a_wrong_rule_of_keeping_is_said(line, keep, told):
    line.file.write_text(line.file.read_text("utf-8") + keep, "utf-8")
    with pytest.raises(UserError, match=told):
        read_settings(line.file)


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
