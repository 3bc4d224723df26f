"""A plant as a server has it: the figures of each station's own records, by station, lot and time."""

import csv
import json
import socket
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from command_line import run
from copies import name_settings
from hypothesis import given
from hypothesis import strategies as st
from plant_records import LIGHT, NAMES, make_plant
from postgres_peer import PASSWORD, needs_postgresql

from anomaly_gui.errors import UserError
from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.ledger.reading import ResultFilter
from anomaly_gui.station.ledger.summary import summarize_results
from anomaly_gui.station.server import plant_reading
from anomaly_gui.station.server.connecting import ServerError
from anomaly_gui.station.server.plant import PlantFilter, Tally
from anomaly_gui.station.server.plant_reading import read_plant
from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings

BEGUN = datetime(2025, 11, 20, 6, tzinfo=timezone.utc)
ALL = PlantFilter(BEGUN - timedelta(days=1), BEGUN + timedelta(days=30))
pytestmark = needs_postgresql


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("plant")


@pytest.fixture(scope="module")
def settings(cluster, folder):
    cluster.start_if_stopped()
    cluster.empty()
    return name_settings(cluster, folder)


@pytest.fixture(scope="module")
def made(settings, folder):
    return make_plant(settings, folder, BEGUN)


@pytest.fixture
def file(cluster, made, folder):
    """A file of the server alone, beside its password."""
    file = folder / "plant.toml"
    file.write_text(
        f'[postgresql]\nurl = "{cluster.url}"\npassword_file = "password"\ntimeout = 2\n', "utf-8"
    )
    return file


def run_plant(file, *options):
    return run("station", "plant", file, *options)


def summarize(made, key, **asked):
    """Return what the station's own records say: counts, first, last, and counts by hour."""
    found = [summarize_results(file, ResultFilter(**asked)) for file in made.files[key]]
    counts = sum((one.counts for one in found), Counter())
    firsts, lasts = [one.first for one in found if one.first], [one.last for one in found if one.last]
    return Tally(counts, min(firsts, default=""), max(lasts, default="")), [one.hours for one in found]


def find_station(plant, key):
    return next(one for one in plant.stations if one.name == NAMES[key])


@pytest.mark.parametrize("hours", [(0, 2), (1.5, 7), (4, 36), (0, 720), (-24, 0)])
@pytest.mark.parametrize("lot", [None, "L1", "L2", "L3", "L4"])
def test_the_figures_are_those_of_the_stations_own_records(settings, made, hours, lot):
    since, until = (BEGUN + timedelta(hours=hour) for hour in hours)
    plant = read_plant(settings, PlantFilter(since, until, lot=lot))
    own = {key: summarize(made, key, since=since, until=until, lot=lot)[0] for key in ("Cell 1", "Cell 2")}
    told = {key: tally for key, tally in own.items() if lot is None or tally.parts}
    assert {one.name: one.tally for one in plant.stations if one.tally.parts or lot is None} == {
        **{NAMES[key]: tally for key, tally in told.items()},
        **({NAMES["Trial"]: Tally()} if lot is None else {}),
    }


def test_each_lot_of_each_station_is_counted_for_itself(settings, made):
    plant = read_plant(settings, ALL)
    found = {(one.station, one.lot): one.tally for one in plant.lots}
    own = {
        (NAMES[key], lot): summarize(made, key, lot=lot)[0]
        for key, lots in {"Cell 1": ("L1", "L2"), "Cell 2": ("L2", "L3")}.items()
        for lot in lots
    }
    without = found.pop((NAMES["Cell 1"], None))
    assert found == own
    assert without.parts == find_station(plant, "Cell 1").tally.parts - sum(
        tally.parts for (name, _), tally in own.items() if name == NAMES["Cell 1"]
    )
    assert without.parts > 0
    lasts = [one.tally.last for one in plant.lots]
    assert lasts == sorted(lasts, reverse=True)


def test_hours_are_those_of_the_records(settings, made):
    plant = read_plant(settings, PlantFilter(BEGUN, BEGUN + timedelta(hours=9)))
    station = find_station(plant, "Cell 1")
    told = {
        plant.begins[place].astimezone(timezone.utc).isoformat()[:13]: tally.counts
        for place, tally in station.spans.items()
    }
    own = summarize(made, "Cell 1", since=BEGUN, until=BEGUN + timedelta(hours=9))[1][0]
    assert told == own
    assert len(told) == 9


def test_days_are_those_of_the_clock_here(settings, made):
    plant = read_plant(settings, ALL)
    station = find_station(plant, "Cell 2")
    for place, tally in station.spans.items():
        ends = (*plant.begins[1:], ALL.until)
        asked = {"since": plant.begins[place], "until": ends[place]}
        assert tally == summarize(made, "Cell 2", **asked)[0]
        assert place == 0 or plant.begins[place].astimezone().hour == 0
    assert len(station.spans) >= 2


def test_the_yield_is_of_what_could_be_judged(settings, made):
    tally = find_station(read_plant(settings, ALL), "Cell 1").tally
    rate = tally.measure_yield()
    counts = tally.counts
    assert counts[StationVerdict.CANNOT_JUDGE] and counts[StationVerdict.ERROR]
    judged = counts[StationVerdict.GOOD] + counts[StationVerdict.DEFECT] + counts[StationVerdict.UNSURE]
    assert rate.rate == counts[StationVerdict.GOOD] / judged
    assert rate.low < rate.rate < rate.high
    assert tally.rejected == counts[StationVerdict.DEFECT] / tally.parts
    assert Tally().measure_yield().rate is None
    assert Tally().rejected is None


def test_records_that_began_anew_are_of_the_same_station_and_simulated_parts_of_none(settings, made):
    plant = read_plant(settings, ALL)
    assert [one.name for one in plant.stations] == sorted(NAMES.values())
    trial = find_station(plant, "Trial")
    assert (trial.tally, trial.spans) == (Tally(), {})
    assert trial.last_seen > "2025-11-20T06"
    assert find_station(plant, "Cell 2").last_seen.startswith("2025-11-21T16:50")


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ({"site": "Plant 1"}, ("Cell 1", "Cell 2")),
        ({"line": "Line 1"}, ("Cell 1", "Trial")),
        ({"site": "Plant 1", "line": "Line 2"}, ("Cell 2",)),
        ({"site": "Plant 9"}, ()),
        ({"lot": "L3"}, ("Cell 2",)),
        ({"lot": "a\0b\udce9"}, ()),
    ],
)
def test_only_what_is_asked_for_is_there(settings, made, asked, keys):
    plant = read_plant(settings, replace(ALL, **asked))
    assert {one.name for one in plant.stations} == {NAMES[key] for key in keys}
    assert {one.station for one in plant.lots} <= {NAMES[key] for key in keys}
    assert plant.names == tuple(sorted(NAMES.values()))


def test_warnings_of_drift_that_stand_and_that_came(settings, made):
    now = datetime.now().astimezone()
    plant = read_plant(settings, PlantFilter(now - timedelta(days=1), now + timedelta(days=1)))
    first, second = find_station(plant, "Cell 1"), find_station(plant, "Cell 2")
    assert [(one.name, one.is_standing) for one in first.warnings] == [("light", True), ("scores", False)]
    assert [one.sentence for one in first.standing] == [LIGHT]
    assert [(one.name, one.is_standing) for one in second.warnings] == [
        ("contrast", False)
    ]  # before it began
    before = read_plant(settings, replace(ALL, until=BEGUN))
    assert [one.name for one in find_station(before, "Cell 1").warnings] == ["light"]
    assert find_station(before, "Cell 2").warnings == ()


def test_a_great_many_lots_are_cut_off_at_the_oldest(settings, made, monkeypatch):
    from anomaly_gui.station.server import plant_questions

    every = read_plant(settings, ALL)
    assert not every.has_more_lots
    for module in (plant_questions, plant_reading):
        monkeypatch.setattr(module, "MOST_LOTS", 2)
    plant = read_plant(settings, ALL)
    assert plant.has_more_lots
    assert plant.lots == every.lots[:2]


def test_who_may_only_read_sees_the_plant(cluster, settings, made, folder):
    with closing(cluster.connect()) as connection:
        connection.execute(f"CREATE USER viewer PASSWORD '{PASSWORD}'")
        connection.execute("GRANT USAGE ON SCHEMA anomaly TO viewer")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA anomaly TO viewer")
        viewer = replace(settings, url=cluster.url.replace("station@", "viewer@"))
        try:
            assert read_plant(viewer, ALL).stations == read_plant(settings, ALL).stations
        finally:
            connection.execute("DROP OWNED BY viewer")
            connection.execute("DROP USER viewer")


def _find_closed_port():
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_a_server_that_cannot_tell_is_named_in_a_sentence(cluster, settings, made, tmp_path):
    away = PostgresqlSettings(f"postgresql://station@127.0.0.1:{_find_closed_port()}/plant", timeout=1)
    with pytest.raises(ServerError, match=f"^{away.name}: "):
        read_plant(away, ALL)
    empty = replace(settings, url=cluster.url.replace("/plant", "/postgres"))
    with pytest.raises(ServerError, match=f"^{empty.name} has no records of any station"):
        read_plant(empty, ALL)
    for version, sentence in (("9999", "later version"), ("0000", "earlier version")):
        with closing(cluster.connect()) as connection:
            connection.execute("UPDATE anomaly.alembic_version SET version_num = %s", (version,))
            try:
                with pytest.raises(ServerError, match=sentence):
                    read_plant(settings, ALL)
            finally:
                connection.execute("UPDATE anomaly.alembic_version SET version_num = '0001'")


@pytest.mark.parametrize(
    ("length", "sentence"), [(0, "ends before"), (-1, "ends before"), (4000, "ten years")]
)
def test_a_time_that_is_none_is_refused_before_anybody_is_asked(length, sentence):
    nowhere = PostgresqlSettings("postgresql://nobody@nowhere.invalid/plant")
    with pytest.raises(UserError, match=sentence):
        read_plant(nowhere, PlantFilter(BEGUN, BEGUN + timedelta(days=length)))


_MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(timezone.utc))


@given(since=_MOMENTS, length=st.timedeltas(timedelta(seconds=1), timedelta(days=400)))
def test_hours_and_days_fill_any_time_without_a_gap(since, length):
    wanted = PlantFilter(since, since + length)
    begins = wanted.list_begins()
    assert begins[0] == since
    longest = timedelta(hours=1) if wanted.is_by_hour else timedelta(hours=25)
    for begin, end in zip(begins, [*begins[1:], wanted.until], strict=True):
        assert timedelta() < end - begin <= longest


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows takes no zone from the environment")
def test_a_day_that_the_clocks_change_has_its_own_length(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        wanted = PlantFilter(datetime(2026, 3, 27).astimezone(), datetime(2026, 3, 31).astimezone())
        begins = [begin.astimezone(timezone.utc) for begin in wanted.list_begins()]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert [f"{begin:%d %H}" for begin in begins] == ["26 23", "27 23", "28 23", "29 22"]


def test_the_command_tells_stations_and_what_changed(file):
    ran = run_plant(file, "--from", BEGUN.isoformat(), "--to", ALL.until.isoformat())
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert lines[1].split()[:3] == ["station", "parts", "good"]
    assert [line.split("  ")[0] for line in lines[2:5]] == [
        ", ".join(name) for name in sorted(NAMES.values())
    ]
    assert f"Plant 1, Line 1, Cell 1: {LIGHT}" in lines
    assert len(lines) == 6


def test_the_command_writes_lots_and_days(file, settings, tmp_path):
    told = ["--from", BEGUN.isoformat(), "--to", ALL.until.isoformat(), "--site", "Plant 1"]
    plant = read_plant(settings, replace(ALL, since=BEGUN, site="Plant 1"))
    for by, count in (
        ("station", 2),
        ("lot", len(plant.lots)),
        ("day", sum(len(one.spans) for one in plant.stations)),
    ):
        files = (tmp_path / f"{by}.csv", tmp_path / f"{by}.json")
        ran = run_plant(file, "--by", by, "--csv", files[0], "--json", files[1], *told)
        assert ran.returncode == 0, ran.stderr
        with files[0].open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
        written = json.loads(files[1].read_text("utf-8"))
        assert len(rows) == len(written["rows"]) == count
        assert sum(int(row["parts"]) for row in rows) == sum(one.tally.parts for one in plant.stations)
        assert [float(row["yield"]) for row in rows] == [row["yield"] for row in written["rows"]]
        assert [one["warning"] for one in written["warnings"] if one["is_standing"]] == ["light"]
    assert run_plant(file, "--by", "lot", "--lot", "L3", *told).stdout.count("L3") == 1


def test_the_command_refuses_in_one_sentence(file, tmp_path):
    line = tmp_path / "line.toml"
    line.write_text('[station]\nsite = "Plant 1"\n', "utf-8")
    assert "names no server" in run_plant(line).stderr
    away = tmp_path / "away.toml"
    away.write_text(f'[postgresql]\nurl = "postgresql://a@127.0.0.1:{_find_closed_port()}/b"\n', "utf-8")
    for refused in (run_plant(line), run_plant(away), run_plant(file, "--from", "soon")):
        assert (refused.returncode, refused.stdout) == (2, "")
        assert len(refused.stderr.strip().splitlines()) == 1
