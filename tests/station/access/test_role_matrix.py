"""Who may do what: any order of anything by anybody, held against the matrix and the audit."""

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from crew import PASSWORDS, ROLES, add_crew, write_report
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from line import make_line

from anomaly_gui.station.access import passwords
from anomaly_gui.station.access.approvals import approve_station
from anomaly_gui.station.access.history import read_history
from anomaly_gui.station.access.managing import (
    Newcomer,
    add_person,
    remove_person,
    set_password,
    set_role,
    unlock_person,
)
from anomaly_gui.station.access.releases import release_model
from anomaly_gui.station.access.roles import RIGHTS, AccessError, Action, Role
from anomaly_gui.station.access.station_lock import lock_station, sign_unlock
from anomaly_gui.station.access.verifying import verify_records
from anomaly_gui.station.ledger.engine import open_engine
from anomaly_gui.station.settings.reading import read_settings

OPERATOR, ENGINEER, ADMIN = "operator", "engineer", "admin"
MATRIX = {
    Action.CHANGE_PEOPLE: {ADMIN},
    Action.RELEASE: {ENGINEER, ADMIN},
    Action.APPROVE: {ENGINEER, ADMIN},
    Action.UNLOCK: {ENGINEER, ADMIN},
}
NAMES = ["ann", "eve", "oli", "new", "nobody"]
WORD = "another-word"


def test_the_matrix_is_the_one_that_was_asked_for():
    assert {action: {role.value for role in roles} for action, roles in RIGHTS.items()} == MATRIX
    assert {role.value for role in Role} == {OPERATOR, ENGINEER, ADMIN}


@pytest.fixture(scope="module")
def template(tmp_path_factory, model_file):
    """A line with people, a report and a ledger, to be copied."""
    folder = tmp_path_factory.mktemp("template") / "line"
    line = make_line(folder, "part.anomaly")
    shutil.copy(model_file, folder / "part.anomaly")
    write_report(folder / "report.json", model_file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        engine = open_engine(line.ledger)
        add_crew(engine)
        engine.dispose()
        yield folder


class _World:
    """A station, what may be done at it, and what its people are by a book of our own."""

    def __init__(self, folder):
        self.folder = folder
        self.settings = read_settings(folder / "line1.toml")
        self.engine = open_engine(self.settings.ledger_file)
        self.roles = {name: role.value for name, role in ROLES.items()}
        self.released = self.locked = False

    def do(self, what, signer, name, role, why):
        """Try something, and return the action that it takes and whether it makes sense at all."""
        action, sense, run = getattr(self, f"_{what}")(signer, name, role, why)
        allowed = self.roles.get(signer) in MATRIX[action] and bool(why.strip())
        before = self._read_rows()
        try:
            run()
        except AccessError:
            assert not (allowed and sense), (what, signer, name, role)
            assert self._read_rows() == before
            return
        assert allowed and sense, (what, signer, name, role)
        last = self._read_rows()[-1]
        assert (last["who"], last["why"]) == (signer, why.strip())
        assert last["role"] in MATRIX[action]
        self._note(what, name, role)

    def _note(self, what, name, role):
        if what in ("add", "role"):
            self.roles[name] = role
        elif what == "remove":
            del self.roles[name]
        elif what == "release":
            self.released = True
        elif what in ("lock_off",):
            self.locked = False

    def _read_rows(self):
        with self.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT * FROM audit ORDER BY link").mappings().all()
            return [dict(row) for row in rows]

    def _leaves_admin(self, name, role=None):
        after = {**self.roles, name: role}
        return ADMIN in after.values()

    def _add(self, signer, name, role, why):
        newcomer = Newcomer(name, Role(role), WORD)
        return (
            Action.CHANGE_PEOPLE,
            name not in self.roles,
            lambda: add_person(self.engine, newcomer, signer, why),
        )

    def _remove(self, signer, name, role, why):
        sense = name in self.roles and self._leaves_admin(name)
        return Action.CHANGE_PEOPLE, sense, lambda: remove_person(self.engine, name, signer, why)

    def _role(self, signer, name, role, why):
        sense = name in self.roles and self.roles[name] != role and self._leaves_admin(name, role)
        return Action.CHANGE_PEOPLE, sense, lambda: set_role(self.engine, name, Role(role), signer, why)

    def _password(self, signer, name, role, why):
        return (
            Action.CHANGE_PEOPLE,
            name in self.roles,
            lambda: set_password(self.engine, name, WORD, signer, why),
        )

    def _unlock(self, signer, name, role, why):  # nobody is locked here
        return Action.CHANGE_PEOPLE, False, lambda: unlock_person(self.engine, name, signer, why)

    def _release(self, signer, name, role, why):
        model, report = self.folder / "part.anomaly", self.folder / "report.json"
        return (
            Action.RELEASE,
            True,
            lambda: release_model(self.engine, self.settings.records, model, report, signer, why),
        )

    def _approve(self, signer, name, role, why):
        return Action.APPROVE, self.released, lambda: approve_station(self.engine, self.settings, signer, why)

    def _lock_off(self, signer, name, role, why):
        if not self.locked:
            lock_station(self.engine, "a part of the challenge was judged wrongly")
            self.locked = True
        return Action.UNLOCK, True, lambda: sign_unlock(self.engine, signer, why)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "role", "password", "unlock", "release", "approve", "lock_off"]),
        st.sampled_from(NAMES),
        st.sampled_from(NAMES),
        st.sampled_from([OPERATOR, ENGINEER, ADMIN]),
        st.sampled_from(["so it is", "so it is", "so it is", " "]),
    ),
    min_size=1,
    max_size=15,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_any_order_of_anything_by_anybody(template, steps):
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(template, Path(folder, "line")))
        world = _World(copy)
        for what, signer, name, role, why in steps:
            world.do(what, signer, name, role, why)
        assert verify_records(world.engine).faults == []
        with world.engine.connect() as connection:
            said = read_history(connection)
        active = {name: one["role"] for name, one in said.people.items() if one["is_active"]}
        assert active == world.roles
        assert (bool(said.released), bool(said.lock)) == (world.released, world.locked)
        world.engine.dispose()


@pytest.mark.parametrize("name", ROLES)
def test_the_audit_says_who_what_before_after_and_why(template, tmp_path, name):
    world = _World(Path(shutil.copytree(template, tmp_path / "copy")))
    if name != "oli":
        world.do("release", name, "", "", "validated")
        world.do("approve", name, "", "", "first part off")
        last = world._read_rows()[-1]
        said = json.loads(last["after"])
        assert (last["what"], last["before"], last["role"]) == ("approved", "", ROLES[name].value)
        offered = {"settings", "model", "model_name", "threshold", "region", "outputs", "access"}
        assert said.keys() == offered
        assert float(said["threshold"]) < 0 or float(said["threshold"]) >= 0
    else:
        world.do("release", name, "", "", "validated")
        assert len(world._read_rows()) == len(PASSWORDS)
    world.engine.dispose()
