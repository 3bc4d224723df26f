"""Records copied to a real PostgreSQL: all of them, in order, each once, whatever happens."""

import json
import logging
import sqlite3
import threading
from contextlib import closing

import pytest
from copies import (
    copy_all,
    make_forwarder,
    name_settings,
    read_health,
    read_own_rows,
    read_server_rows,
    record_part,
)
from postgres_peer import PASSWORD, needs_postgresql

from anomaly_gui.station.ledger.engine import open_reader
from anomaly_gui.station.ledger.ledger import Ledger, Place
from anomaly_gui.station.server import forwarder as forwarding
from anomaly_gui.station.server.connecting import ServerError, make_tables, open_server
from anomaly_gui.station.server.forwarded import read_forwarded
from anomaly_gui.station.server.verifying import verify_server
from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings

pytestmark = needs_postgresql


def test_all_rows_arrive_as_they_are_and_only_those(server, records, tmp_path, monkeypatch):
    monkeypatch.setattr(forwarding, "BATCH", 7)
    for number in range(1, 41):
        record_part(records, number)
    settings = name_settings(server, tmp_path)
    with closing(make_forwarder(settings, records)) as forwarder:
        copy_all(forwarder)
        assert forwarder.last_error == ""
        assert read_server_rows(server) == read_own_rows(records)
        verified = verify_server(settings, records.file)
        assert (verified.found.faults, verified.waiting) == ([], 0)
        assert (verified.found.results, verified.found.entries) == (40, 8)
        record_part(records, 41)
        copy_all(forwarder)
    assert read_server_rows(server) == read_own_rows(records)
    tables = server.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'anomaly' ORDER BY 1")
    assert [row[0] for row in tables] == ["alembic_version", "audit", "result", "station"]
    assert server.ask("SELECT number, site, line, name FROM anomaly.station") == [
        (1, "Plant 1", "Line 1", "Cell 1")
    ]


def test_how_far_it_is_comes_from_the_server(server, records, tmp_path):
    for number in range(1, 11):
        record_part(records, number)
    settings = name_settings(server, tmp_path)
    with closing(make_forwarder(settings, records)) as forwarder:
        copy_all(forwarder)
    with closing(server.connect()) as connection:  # as after its disk was restored from a copy of yesterday
        connection.execute("DELETE FROM anomaly.result WHERE link > 4")
        connection.execute("DELETE FROM anomaly.audit WHERE link > 4")
    with open_reader(records.file) as reader:
        assert read_forwarded(reader, settings.name) == 12
    with closing(make_forwarder(settings, records)) as forwarder:
        copy_all(forwarder)
    assert read_server_rows(server) == read_own_rows(records)


def test_two_at_once_copy_each_row_once(server, records, tmp_path, monkeypatch):
    monkeypatch.setattr(forwarding, "BATCH", 3)
    for number in range(1, 61):
        record_part(records, number)
    settings = name_settings(server, tmp_path)

    def work():
        with closing(make_forwarder(settings, records)) as forwarder:
            for _ in range(80):
                forwarder.step()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with closing(make_forwarder(settings, records)) as forwarder:
        copy_all(forwarder)
    assert read_server_rows(server) == read_own_rows(records)
    assert server.ask("SELECT COUNT(*) FROM anomaly.station") == [(1,)]


def test_stations_share_a_server(server, tmp_path):
    settings = name_settings(server, tmp_path)
    ledgers = []
    for name, count in (("Cell 1", 3), ("Cell 2", 5), ("Cell 1", 4)):  # the third: Cell 1 on a new disk
        place = Place("Plant 1", "Line 1", name)
        with Ledger(tmp_path / str(len(ledgers)) / "ledger.sqlite3", place) as ledger:
            for number in range(1, count + 1):
                record_part(ledger, number)
            with closing(make_forwarder(settings, ledger, place)) as forwarder:
                copy_all(forwarder)
            ledgers.append(ledger)
    assert [row[0] for row in server.ask("SELECT name FROM anomaly.station ORDER BY number")] == [
        "Cell 1",
        "Cell 2",
        "Cell 1",
    ]
    for number, ledger in enumerate(ledgers, 1):
        assert read_server_rows(server, number) == read_own_rows(ledger)
        assert verify_server(settings, ledger.file).found.faults == []


def test_a_station_that_gets_another_name_stays_the_same(server, records, tmp_path):
    settings = name_settings(server, tmp_path)
    for number, name in enumerate(("Cell 1", "Cell 9"), 1):
        record_part(records, number)
        with closing(make_forwarder(settings, records, Place("Plant 1", "Line 1", name))) as forwarder:
            copy_all(forwarder)
    assert server.ask("SELECT number, name FROM anomaly.station") == [(1, "Cell 9")]


def test_a_server_that_is_away_is_waited_for(server, records, tmp_path):
    record_part(records, 1)
    settings = name_settings(server, tmp_path)
    with closing(make_forwarder(settings, records)) as forwarder:
        copy_all(forwarder)
        server.stop()
        record_part(records, 2)
        for _ in range(20):
            assert forwarder.step() > 0
        health = read_health(records)
        assert health["pending"] == 1
        assert health["oldest_seconds"] < 60
        assert settings.name in health["last_error"]
        server.start()
        for _ in range(50):
            forwarder.step()
        assert forwarder.last_error == ""
    assert read_server_rows(server) == read_own_rows(records)


def test_what_was_copied_before_counts_as_copied_while_the_server_is_away(server, records, tmp_path):
    for number in range(1, 5):
        record_part(records, number)
    settings = name_settings(server, tmp_path)
    with closing(make_forwarder(settings, records)) as forwarder:
        copy_all(forwarder)
    server.stop()
    record_part(records, 6)
    with closing(make_forwarder(settings, records)) as forwarder:
        forwarder.step()
    assert read_health(records)["pending"] == 1


def test_records_that_went_back_in_time_are_not_mixed_with_later_ones(server, records, tmp_path):
    settings = name_settings(server, tmp_path)
    place = Place("Plant 1", "Line 1", "Cell 1")
    for number in range(1, 4):
        record_part(records, number)
    with closing(sqlite3.connect(records.file)) as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "yesterday.sqlite3"),))
    for number in range(4, 9):
        record_part(records, number)
    with closing(make_forwarder(settings, records)) as forwarder:
        copy_all(forwarder)
    before = read_server_rows(server)
    with Ledger(tmp_path / "yesterday.sqlite3", place) as restored:
        for number in range(20, 40):  # goes on from yesterday, so beyond what the server has
            record_part(restored, number)
            with closing(make_forwarder(settings, restored)) as forwarder:
                forwarder.step()
                assert "restored from a copy" in forwarder.last_error
    assert read_server_rows(server) == before


@pytest.mark.parametrize("wrong", ["password", "file", "variable"])
def test_a_wrong_password_is_said_and_none_is_told(server, records, tmp_path, wrong, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    record_part(records, 1)
    settings = name_settings(server, tmp_path)
    told = {"password": "authentication failed", "file": "nowhere", "variable": "ANOMALY_GUI_NOWHERE"}[wrong]
    if wrong == "password":
        settings.password_file.write_text("hunter2 hunter2", "utf-8")
    elif wrong == "file":
        settings = PostgresqlSettings(server.url, tmp_path / "nowhere")
    else:
        settings = PostgresqlSettings(server.url, None, "ANOMALY_GUI_NOWHERE")
    with closing(make_forwarder(settings, records)) as forwarder:
        forwarder.step()
    health = json.dumps(read_health(records))
    assert told in health
    said = health + caplog.text + "".join(capfd.readouterr()) + repr(settings) + repr(vars(forwarder))
    assert "hunter2" not in said
    assert PASSWORD not in said


def test_the_password_of_a_variable(server, records, tmp_path, monkeypatch):
    record_part(records, 1)
    monkeypatch.setenv("LINE1_PASSWORD", PASSWORD)
    settings = PostgresqlSettings(server.url, None, "LINE1_PASSWORD")
    with closing(make_forwarder(settings, records)) as forwarder:
        copy_all(forwarder)
        assert forwarder.last_error == ""
    assert len(read_server_rows(server)) == 1


def test_stations_that_begin_together_make_the_tables_once(server, tmp_path):
    settings, troubles = name_settings(server, tmp_path), []

    def begin():
        try:
            with open_server(settings) as connection:
                make_tables(connection)
        except ServerError as error:
            troubles.append(error)

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert server.ask("SELECT version_num FROM anomaly.alembic_version") == [("0001",)]


def test_a_server_of_a_later_version_is_refused(server, records, tmp_path):
    record_part(records, 1)
    settings = name_settings(server, tmp_path)
    with open_server(settings) as connection:
        make_tables(connection)
    with closing(server.connect()) as connection:
        connection.execute("UPDATE anomaly.alembic_version SET version_num = '9999'")
    with closing(make_forwarder(settings, records)) as forwarder:
        forwarder.step()
        assert "later version" in forwarder.last_error
    assert server.ask("SELECT COUNT(*) FROM anomaly.result") == [(0,)]
