"""Changes of what a server has are found."""

from contextlib import closing
from itertools import chain

import pytest
from copies import copy_all, make_forwarder, name_settings, record_part
from postgres_peer import needs_postgresql

from anomaly_gui.station.server import verifying
from anomaly_gui.station.server.connecting import ServerError
from anomaly_gui.station.server.verifying import verify_server

pytestmark = needs_postgresql


@pytest.mark.parametrize("table", ["result", "audit"])
def test_a_change_of_any_column_on_the_server_is_found(server, records, tmp_path, table):
    for number in range(1, 11):
        record_part(records, number)
    settings = name_settings(server, tmp_path)
    with closing(make_forwarder(settings, records)) as forwarder:
        copy_all(forwarder)
    with closing(server.connect()) as connection:
        columns = connection.execute(
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'anomaly' AND table_name = %s AND column_name != 'station_number'",
            (table,),
        ).fetchall()
        assert len(columns) > 9
        for name, kind in columns:
            new = f"COALESCE({name}, '') || 'x'" if kind == "text" else f"COALESCE({name}, 0) + 100"
            which = f"(SELECT MIN(link) FROM anomaly.{table})"
            connection.execute(f"UPDATE anomaly.{table} SET {name} = {new} WHERE link = {which}")
            assert verify_server(settings, records.file).found.faults, name
            _copy_anew(server, settings, records)
    assert verify_server(settings, records.file).found.faults == []


def _copy_anew(server, settings, records):
    with closing(server.connect()) as connection:
        connection.execute("DELETE FROM anomaly.result")
        connection.execute("DELETE FROM anomaly.audit")
    with closing(make_forwarder(settings, records)) as forwarder:
        copy_all(forwarder)


def test_rows_that_are_missing_on_the_server_are_found(server, records, tmp_path):
    for number in range(1, 11):
        record_part(records, number)
    settings = name_settings(server, tmp_path)
    with pytest.raises(ServerError, match="no records of this station"):
        verify_server(settings, records.file)
    with closing(make_forwarder(settings, records)) as forwarder:
        copy_all(forwarder)
    with closing(server.connect()) as connection:
        connection.execute("DELETE FROM anomaly.result WHERE link > 10")
        connection.execute("DELETE FROM anomaly.audit WHERE link > 10")
        verified = verify_server(settings, records.file)
        assert (verified.found.faults, verified.waiting) == ([], 2)
        connection.execute("DELETE FROM anomaly.result WHERE link = 3")
    assert verify_server(settings, records.file).found.faults


@pytest.mark.parametrize("when", ["before the server is read", "between its tables"])
def test_rows_that_are_copied_while_it_is_checked_are_no_fault(server, records, tmp_path, monkeypatch, when):
    for number in range(1, 11):
        record_part(records, number)
    settings = name_settings(server, tmp_path)
    with closing(make_forwarder(settings, records)) as forwarder:
        copy_all(forwarder)
        check_rows = verifying.check_rows

        def check_late(tables, found):
            results, audit = tables
            read = [next(results)] if when == "between its tables" else []
            for number in range(11, 21):
                record_part(records, number)
            copy_all(forwarder)
            check_rows([chain(read, results), audit], found)

        monkeypatch.setattr(verifying, "check_rows", check_late)
        verified = verify_server(settings, records.file)
    assert verified.found.faults == []
    assert verified.waiting in (0, 12)
