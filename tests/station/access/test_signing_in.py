"""Passwords: what counts them, what locks, and what a session is good for."""

import threading
import time
from functools import partial

import pytest
from crew import PASSWORDS, approve, call, opened, sign
from line import Line

from anomaly_gui.station.access import passwords
from anomaly_gui.station.access.roles import AccessError
from anomaly_gui.station.access.sessions import read_operator, read_session
from anomaly_gui.station.access.signing import authenticate
from anomaly_gui.station.access.verifying import verify_records
from anomaly_gui.station.settings.access_settings import AccessSettings

SETTINGS = AccessSettings(idle_after=100, sign_out_after=1000, lock_for=1200)
STDIN = "--password-stdin"


def _try(line, name, password):
    with opened(line) as engine:
        return authenticate(engine, name, password, SETTINGS)


def _fail(line, name, count, password="not the word"):
    said = []
    for _ in range(count):
        with pytest.raises(AccessError) as caught:
            _try(line, name, password)
        said.append(str(caught.value))
    return said


def test_the_fifth_wrong_password_locks_and_the_right_one_does_not_help(crew, time_goes):
    said = _fail(crew, "oli", 5)
    assert set(said[:4]) == {"The name or the password is wrong."}
    assert "oli is locked until" in said[4]
    assert "oli is locked until" in _fail(crew, "oli", 1, PASSWORDS["oli"])[0]
    time_goes(SETTINGS.lock_for - 1)
    assert "locked until" in _fail(crew, "oli", 1, PASSWORDS["oli"])[0]
    time_goes(1.1)
    assert _try(crew, "oli", PASSWORDS["oli"]).failed == 0
    assert len(set(_fail(crew, "oli", 4))) == 1  # counted from the beginning
    with opened(crew) as engine:
        assert verify_records(engine).faults == []


def test_a_right_password_in_between_counts_from_the_beginning(crew):
    for _ in range(3):
        _fail(crew, "oli", 4)
        assert _try(crew, "oli", PASSWORDS["oli"]).failed == 0


def test_an_admin_unlocks_and_nobody_else(crew):
    _fail(crew, "oli", 5)
    assert "oli is locked" in sign(crew, "oli", "people unlock", "oli", "--why", "me").error
    assert "eve is engineer" in sign(crew, "eve", "people unlock", "oli", "--why", "he asked").error
    assert sign(crew, "ann", "people unlock", "oli", "--why", "he asked").error == ""
    assert _try(crew, "oli", PASSWORDS["oli"]).locked_until is None
    assert ("ann", "admin", "he asked") in crew.ask("SELECT who, role, why FROM audit WHERE what = 'person'")


def test_many_at_once_have_five_guesses_in_all(crew):
    """Of twenty that guess at the same moment, the right one being the last, none gets more than five."""
    guesses, got = [*(f"wrong-{n}" for n in range(20)), PASSWORDS["oli"]], []

    def guess(word):
        try:
            got.append(_try(crew, "oli", word))
        except AccessError as error:
            got.append(str(error))

    threads = [threading.Thread(target=guess, args=(word,)) for word in guesses[:-1]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    guess(guesses[-1])
    assert sum("password is wrong" in said for said in got) == 4
    assert sum("is locked" in said for said in got) == 17
    assert crew.ask("SELECT failed FROM person WHERE name = 'oli'") == [(5,)]


def test_an_unknown_name_is_refused_alike_and_is_not_written_down(crew):
    assert _fail(crew, "a password typed as a name", 7) == ["The name or the password is wrong."] * 7
    assert crew.ask("SELECT COUNT(*) FROM audit WHERE what = 'sign-in refused'") == [(7,)]
    assert not any("typed" in str(row) for row in crew.ask("SELECT * FROM audit"))


def test_an_unknown_name_takes_as_long(crew, monkeypatch):
    hasher, worked = passwords._HASHER, []

    class Counting:
        def hash(self, password):
            worked.append("hash")
            return hasher.hash(password)

        def verify(self, hashed, password):
            worked.append("verify")
            return hasher.verify(hashed, password)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    _fail(crew, "nobody", 1)
    _fail(crew, "oli", 1)
    assert worked == ["hash", "verify"]


@pytest.mark.alone
def test_by_the_clock_an_unknown_name_takes_as_long(line):
    """With the parameters that are used: the median of some."""
    hashed = passwords.hash_password("oli", PASSWORDS["oli"])
    assert "$m=65536,t=3,p=4$" in hashed

    def measure(known):
        began = time.perf_counter()
        assert not passwords.check_password(known, "not the word")
        return time.perf_counter() - began

    known, unknown = (sorted(measure(one) for _ in range(9))[4] for one in (hashed, None))
    assert 0.5 < unknown / known < 2


@pytest.mark.parametrize("word", ["", "1234567", "aaaaaaaaaaaa", "oli-oli-oli", "x" * 1025])
def test_what_is_no_password(word):
    with pytest.raises(AccessError):
        passwords.hash_password("oli", word)


def test_a_password_is_the_same_however_its_letters_are_put_together(quick, monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", quick)
    composed, apart = "schl\u00fcssel", "schlu\u0308ssel"
    assert passwords.check_password(passwords.hash_password("ann", composed), apart)


def test_who_is_signed_in_signs_until_idle(crew, time_goes):
    crew.file.write_text(crew.file.read_text("utf-8") + "[access]\nidle_after = 100\n", "utf-8")
    assert "Nobody is signed in" in call(crew, "people role", "oli", "engineer", "--why", "learned").error
    assert call(crew, "sign-in", "ann", STDIN, given=[PASSWORDS["ann"]]).error == ""
    assert call(crew, "people role", "oli", "engineer", "--why", "learned").error == ""
    time_goes(90)
    assert call(crew, "people role", "oli", "operator", "--why", "forgot").error == ""
    time_goes(90)  # not idle for 100 at once
    assert call(crew, "people role", "oli", "engineer", "--why", "learned").error == ""
    time_goes(101)
    assert "no terminal to ask" in call(crew, "people role", "oli", "admin", "--why", "mine").error
    wrong = call(crew, "people role", "oli", "admin", "--why", "mine", STDIN, given=["not hers"])
    assert "password is wrong" in wrong.error
    assert call(crew, "sign-out").output == "ann is signed out.\n"
    assert "Nobody is signed in" in call(crew, "people role", "oli", "operator", "--why", "x").error


def test_the_operator_stays_named_when_idle_but_no_longer_than_told(crew, time_goes):
    read = partial(read_operator, SETTINGS)
    assert call(crew, "sign-in", "oli", STDIN, given=[PASSWORDS["oli"]]).error == ""
    with opened(crew) as engine, engine.connect() as connection:
        assert read(connection) == "oli"
        assert read_session(engine, SETTINGS).is_locked is False
        time_goes(500)
        assert read_session(engine, SETTINGS).is_locked is True
        assert read(connection) == "oli"
        time_goes(501)
        assert (read(connection), read_session(engine, SETTINGS)) == (None, None)


def _write_own_file(line, access):
    """Write a file of settings as an operator may: with the same records, and other rules for people."""
    own = Line(line.folder / "own")
    own.file.parent.mkdir()
    records = f'name = "Cell 1"\nrecords = "{line.folder / "records"}"'
    text = line.file.read_text("utf-8").replace('name = "Cell 1"', records)
    own.file.write_text(f"{text}\n[access]\n{access}\n", "utf-8")
    return own


def test_a_file_that_nobody_approved_lets_nobody_sign_for_longer(released, time_goes):
    own = _write_own_file(released, "idle_after = 3600\nsign_out_after = 86400")
    assert call(released, "sign-in", "eve", STDIN, given=[PASSWORDS["eve"]]).error == ""
    active = released.ask("SELECT active FROM signed_in")
    time_goes(1200)
    assert "no terminal to ask" in call(own, "unlock", "--why", "mine").error
    assert released.ask("SELECT active FROM signed_in") == active
    assert "no terminal to ask" in call(released, "approve", "--why", "mine").error
    time_goes(43_200)
    assert "Nobody is signed in" in call(own, "unlock", "--why", "mine").error


def test_a_file_that_nobody_approved_gives_no_more_guesses(released, time_goes):
    own = _write_own_file(released, "lock_for = 60")
    for _ in range(5):
        assert call(own, "sign-in", "oli", STDIN, given=["wrong-word"]).error
    time_goes(890)
    assert "oli is locked" in call(own, "sign-in", "oli", STDIN, given=[PASSWORDS["oli"]]).error
    time_goes(20)
    assert call(own, "sign-in", "oli", STDIN, given=[PASSWORDS["oli"]]).error == ""


@pytest.mark.parametrize(("seconds", "signs_for"), [(3600, 3500), (100, 90)])
def test_what_was_approved_of_people_is_so_whatever_a_file_says(released, time_goes, seconds, signs_for):
    own = _write_own_file(released, "")
    text = released.file.read_text("utf-8")
    released.file.write_text(f"{text}\n[access]\nidle_after = {seconds}\n", "utf-8")
    assert approve(released).error == ""
    for line in (released, own):
        assert call(line, "sign-in", "eve", STDIN, given=[PASSWORDS["eve"]]).error == ""
        time_goes(signs_for)
        assert call(line, "unlock", "--why", "w").error == "The station is not locked."
        time_goes(seconds + 1)
        assert "no terminal to ask" in call(line, "unlock", "--why", "w").error


def test_the_next_who_signs_in_takes_over(crew):
    for name in ("oli", "eve"):
        assert call(crew, "sign-in", name, STDIN, given=[PASSWORDS[name]]).error == ""
    assert "eve is signed in" in call(crew, "people list").output
    said = crew.ask("SELECT what, who, role FROM audit WHERE what LIKE 'sign-%' ORDER BY link")
    assert said == [
        ("sign-in", "oli", "operator"),
        ("sign-out", "oli", "operator"),
        ("sign-in", "eve", "engineer"),
    ]


@pytest.mark.parametrize(
    "change", [("people role", "eve", "operator"), ("people remove", "eve"), ("people password", "eve")]
)
def test_whoever_loses_a_right_is_signed_out(crew, change):
    assert call(crew, "sign-in", "eve", STDIN, given=[PASSWORDS["eve"]]).error == ""
    assert sign(crew, "ann", *change, "--why", "so it is", given=["another-word"]).error == ""
    with opened(crew) as engine:
        assert read_session(engine, SETTINGS) is None
        assert verify_records(engine).faults == []
