"""A window that is open over midnight: what is of today is of another day then."""

from datetime import datetime, timedelta

import pytest
from recorded import add_rows, alive, write_state
from station_waiting import wait_for

from anomaly_gui.gui.station.feed import moments
from anomaly_gui.station.judging.judged import StationVerdict

TODAY = f"{datetime.now():%Y-%m-%d}"


class Tomorrow(datetime):
    """The clock on the wall, a day later."""

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(days=1)


@pytest.fixture
def page(line, open_window):
    """The operator's page of a station with two parts and an alarm of today."""
    add_rows(line, [{}, {}])
    with alive(line):
        write_state(line, alarms=[("capture", "The folder is away.")])
        page = open_window(line.file).current.operator
        wait_for(lambda: page.counts.numbers[StationVerdict.GOOD].text() == "2", "both are counted")
        yield page


def test_counting_begins_anew_with_the_day(page, monkeypatch):
    monkeypatch.setattr(moments, "datetime", Tomorrow)
    wait_for(lambda: page.counts.numbers[StationVerdict.GOOD].text() == "0", "none is of the day")
    assert page.counts.since.text() == f"since {Tomorrow.now():%Y-%m-%d} 00:00"


def test_a_shift_that_was_begun_goes_on_over_midnight(page, line, monkeypatch):
    page.shift_wanted.emit()
    wait_for(lambda: page.counts.numbers[StationVerdict.GOOD].text() == "0", "it counts anew")
    since = page.counts.since.text()
    monkeypatch.setattr(moments, "datetime", Tomorrow)
    add_rows(line, [{}])
    wait_for(lambda: page.counts.numbers[StationVerdict.GOOD].text() == "1", "the next is counted")
    assert page.counts.since.text() == since


def test_times_of_another_day_say_so(page, monkeypatch):
    assert TODAY not in page.part.text()
    assert TODAY not in page.alarms.list.item(0).text()
    monkeypatch.setattr(moments, "datetime", Tomorrow)
    wait_for(lambda: page.alarms.list.item(0).text().startswith(TODAY), "the alarm has its day", seconds=10)
    wait_for(lambda: TODAY in page.part.text(), "the part has its day", seconds=10)
