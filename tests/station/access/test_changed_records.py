"""People and signatures that were changed by hand: found by `station verify`, refused at sign-in, locked."""

import json

import pytest
from crew import PASSWORDS, approve, call, edit, opened, sign

from anomaly_gui.detection.model.model_file import digest_model
from anomaly_gui.station.access.gate import Gate
from anomaly_gui.station.access.history import read_history
from anomaly_gui.station.access.passwords import hash_password
from anomaly_gui.station.access.people import PERSON_CHANGED, find_person
from anomaly_gui.station.access.sessions import read_operator
from anomaly_gui.station.access.station_lock import lock_station
from anomaly_gui.station.access.verifying import verify_records
from anomaly_gui.station.ledger.chain import hash_row
from anomaly_gui.station.ledger.engine import writing
from anomaly_gui.station.ledger.linking import AuditEntry, add_entry
from anomaly_gui.station.settings.access_settings import AccessSettings
from anomaly_gui.station.settings.reading import read_settings

STDIN = "--password-stdin"


def _verify(line):
    with opened(line) as engine:
        return verify_records(engine).faults


def _sign_in(line, name):
    return call(line, "sign-in", name, STDIN, given=[PASSWORDS[name]]).error


def _find_obstacle(line):
    settings = read_settings(line.file)
    with opened(line) as engine:
        return Gate(engine, settings, digest_model(settings.model)).find_obstacle()


def test_what_was_not_changed(released):
    assert (_verify(released), _sign_in(released, "oli"), _find_obstacle(released)) == ([], "", "")


@pytest.mark.parametrize(
    "change",
    [
        "role = 'admin'",
        "role = 'owner'",
        "is_active = 0",
        "failed = 3",
        "locked_until = '2000-01-01T00:00:00.000Z'",
        "password = 'none'",
        "password = x'00'",
        "name = 'olivia'",
    ],
)
def test_a_row_of_a_person(released, change):
    edit(released, f"UPDATE person SET {change} WHERE name = 'oli'")
    assert any(
        "The row of oli among the people is not as the audit says." in one for one in _verify(released)
    )
    assert "The row of oli is not as it was written" in _sign_in(released, "oli")
    verified = call(released, "verify")
    assert "The records are not as they were written." in verified.error
    if not change.startswith("name"):
        assert (
            sign(released, "ann", "people password", "oli", "--why", "mend", given=["new-word-1"]).error == ""
        )
        assert _verify(released) == []
        assert call(released, "sign-in", "oli", STDIN, given=["new-word-1"]).error == ""


def test_a_hash_of_ones_own_in_the_row_of_an_admin(released):
    own = hash_password("ann", "my own word")
    edit(released, "UPDATE person SET password = ? WHERE name = 'ann'", own)
    said = call(released, "sign-in", "ann", STDIN, given=["my own word"]).error
    assert "The row of ann is not as it was written" in said
    assert _verify(released) == ["The row of ann among the people is not as the audit says."]


def test_a_wrong_count_that_was_taken_back(released):
    for _ in range(5):
        assert call(released, "sign-in", "oli", STDIN, given=["not the word"]).error
    edit(released, "UPDATE person SET failed = 0, locked_until = NULL WHERE name = 'oli'")
    assert "is not as it was written" in _sign_in(released, "oli")


def test_somebody_who_was_never_added(released):
    edit(released, "INSERT INTO person SELECT 'mal', 'admin', password, 0, NULL, 1 FROM person LIMIT 1")
    assert _verify(released) == ["The row of mal among the people is not as the audit says."]
    said = call(released, "sign-in", "mal", STDIN, given=[PASSWORDS["ann"]]).error
    assert said == "The name or the password is wrong."


def test_somebody_who_is_gone(released):
    edit(released, "DELETE FROM person WHERE name = 'eve'")
    assert _verify(released) == ["The row of eve among the people is not as the audit says."]
    assert "The row of eve is not as it was written" in _sign_in(released, "eve")


def test_who_is_signed_in(released):
    assert _sign_in(released, "oli") == ""
    edit(released, "UPDATE signed_in SET name = 'ann'")
    assert _verify(released) == ["Who is signed in is not as the audit says."]
    said = call(released, "people role", "oli", "admin", "--why", "mine").error
    assert "Nobody is signed in" in said
    with opened(released) as engine, engine.connect() as connection:
        assert read_operator(AccessSettings(), connection) is None
    call(released, "sign-out")
    edit(released, "INSERT INTO signed_in SELECT 1, 'ann', 2e9, 2e9")
    assert _verify(released) == ["Who is signed in is not as the audit says."]
    assert "Nobody is signed in" in call(released, "people role", "oli", "admin", "--why", "mine").error


@pytest.mark.parametrize("has_hash", [False, True])
@pytest.mark.parametrize("column", ["after", "who", "why", "role"])
@pytest.mark.parametrize("what", ["approved", "released", "person"])
def test_an_entry_of_the_audit(released, what, column, has_hash):
    """With its own hash made anew as well: the entry after it still has the old one."""
    (link,) = released.ask("SELECT max(link) FROM audit WHERE what = :what", what=what)[0]
    with opened(released) as engine, writing(engine) as connection:
        add_entry(connection, AuditEntry("start"))
        connection.exec_driver_sql(f"UPDATE audit SET {column} = {column} || 'x' WHERE link = ?", (link,))
        if has_hash:
            asked = "SELECT * FROM audit WHERE link = ?"
            row = dict(connection.exec_driver_sql(asked, (link,)).mappings().one())
            connection.exec_driver_sql(
                "UPDATE audit SET hash = ? WHERE link = ?", (hash_row("audit", row), link)
            )
    assert _verify(released)
    assert "The records were changed by hand" in _find_obstacle(released)
    for name in ("ann", "oli"):
        assert "nobody can sign" in _sign_in(released, name)
    assert "nobody can sign" in approve(released).error


def test_an_approval_by_somebody_without_the_right_asks_no_less_of_people(released):
    easier = AccessSettings(idle_after=3600.0, sign_out_after=86_400.0, lock_for=60.0)
    (said,) = released.ask("SELECT after FROM audit WHERE what = 'approved'")[0]
    after = json.dumps({**json.loads(said), "access": json.dumps(vars(easier))})
    with opened(released) as engine, writing(engine) as connection:
        add_entry(connection, AuditEntry("approved", said, after, "mine", "oli", "operator"))
        history = read_history(connection)
    assert "signed by somebody who had no right to: oli" in history.faults[0]
    assert history.settle_access(easier) == AccessSettings()


@pytest.mark.parametrize("is_last", [False, True])
@pytest.mark.parametrize("way", ["renamed", "renamed with its hash", "deleted"])
def test_an_entry_that_was_hidden(released, way, is_last):
    """Such as the lock of a station, or that a right was taken away."""
    with opened(released) as engine:
        lock_station(engine, "the challenge failed")
        if not is_last:
            with writing(engine) as connection:
                add_entry(connection, AuditEntry("start"))
        with writing(engine) as connection:
            if way == "deleted":
                connection.exec_driver_sql("DELETE FROM audit WHERE what = 'lock'")
            else:
                connection.exec_driver_sql("UPDATE audit SET what = 'start' WHERE what = 'lock'")
            if way == "renamed with its hash":
                row = connection.exec_driver_sql("SELECT * FROM audit WHERE after LIKE 'the ch%'").mappings()
                row = dict(row.one())
                values = hash_row("audit", row), row["link"]
                connection.exec_driver_sql("UPDATE audit SET hash = ? WHERE link = ?", values)
    if is_last and way != "renamed":  # an end that was cut off: found by the last hash that was written down
        assert (_verify(released), _find_obstacle(released)) == ([], "")
        return
    assert _verify(released)
    assert "The records were changed by hand" in _find_obstacle(released)
    assert "nobody can sign" in _sign_in(released, "eve")


def test_an_end_that_is_cut_off_while_the_station_works(released):
    settings = read_settings(released.file)
    with opened(released) as engine:
        gate = Gate(engine, settings, digest_model(settings.model))
        assert gate.find_obstacle() == ""
        lock_station(engine, "the challenge failed")
        assert gate.find_obstacle() == "The station is locked until an engineer signs: the challenge failed"
        edit(released, "DELETE FROM audit WHERE what = 'lock'")
        for _ in range(2):
            assert "Rows of the records are missing" in gate.find_obstacle()
            assert not gate.may_send()


def _forge(line, entry):
    """Add an entry with all its hashes, as somebody would who knows the program."""
    with opened(line) as engine, writing(engine) as connection:
        add_entry(connection, entry)


def _describe(line, name, **changed):
    with opened(line) as engine, engine.connect() as connection:
        said = find_person(connection, name).describe()
    return json.dumps(said, sort_keys=True), json.dumps({**said, **changed}, sort_keys=True)


@pytest.mark.parametrize(
    ("who", "role"), [("oli", "operator"), ("oli", "admin"), ("eve", "engineer"), ("", "")]
)
def test_a_role_that_was_given_by_somebody_without_the_right_to(released, who, role):
    _forge(released, AuditEntry(PERSON_CHANGED, *_describe(released, "oli", role="admin"), "mine", who, role))
    edit(released, "UPDATE person SET role = 'admin' WHERE name = 'oli'")
    assert any("is signed by somebody who had no right to" in one for one in _verify(released))
    assert "nobody can sign" in _sign_in(released, "oli")
    assert "The records were changed by hand" in _find_obstacle(released)


@pytest.mark.parametrize("what", ["approved", "released", "lock"])
def test_an_operators_signature_under_what_an_engineer_signs(released, what):
    after = "" if what == "lock" else released.ask("SELECT after FROM audit WHERE what = :w", w=what)[-1][0]
    _forge(released, AuditEntry(what, "", after, "mine", "oli", "operator"))
    (fault,) = _verify(released)
    assert fault.endswith("is signed by somebody who had no right to: oli.")
    assert "The records were changed by hand" in _find_obstacle(released)


def test_a_signature_of_one_who_was_removed(released):
    assert sign(released, "ann", "people remove", "eve", "--why", "left").error == ""
    assert "The row" not in approve(released, "ann").error
    after = released.ask("SELECT after FROM audit WHERE what = 'approved'")[-1][0]
    _forge(released, AuditEntry("approved", "", after, "back again", "eve", "engineer"))
    assert any("had no right to: eve" in one for one in _verify(released))
    assert call(released, "sign-in", "eve", STDIN, given=[PASSWORDS["eve"]]).error


def test_the_last_admin_stays(released):
    for words in (("people remove", "ann"), ("people role", "ann", "operator")):
        assert "ann is the only admin" in sign(released, "ann", *words, "--why", "w").error
    assert sign(released, "ann", "people role", "eve", "admin", "--why", "deputy").error == ""
    assert sign(released, "ann", "people remove", "ann", "--why", "left").error == ""
