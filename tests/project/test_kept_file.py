"""Files that are replaced at once and get to the disk in a thread: nothing is lost on the way."""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING

import pytest

from anomaly_gui.project.document import ProjectDocument
from anomaly_gui.project.folder import ProjectFolder
from anomaly_gui.project.journal_file import add_events, read_events, write_events
from anomaly_gui.project.kept_file import (
    is_json,
    name_before,
    replace_file,
    restore_file,
    wait_for_disk,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="written to the disk at once there")


@pytest.fixture
def stuck_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A disk that takes nothing until the event is set."""
    free, real = threading.Event(), os.fsync
    wait_for_disk()

    def wait(number: int) -> None:
        free.wait(60)
        real(number)

    monkeypatch.setattr(os, "fsync", wait)
    yield free
    free.set()
    wait_for_disk()


def replace_text(path: Path, text: str) -> None:
    with replace_file(path) as file:
        file.write(text.encode())


def test_writing_does_not_wait_for_the_disk(tmp_path: Path, stuck_disk: threading.Event) -> None:
    path = tmp_path / "a.json"
    for text in ("1", "2", "3"):
        replace_text(path, text)
        assert path.read_text() == text
    stuck_disk.set()
    wait_for_disk()
    assert path.read_text() == "3"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_on_the_disk_stays_beside_until_the_new_one_is(
    tmp_path: Path, stuck_disk: threading.Event
) -> None:
    path = tmp_path / "a.json"
    path.write_text("0")
    replace_text(path, "1")
    replace_text(path, "2")
    assert name_before(path).read_text() == "0"
    stuck_disk.set()
    wait_for_disk()
    assert not name_before(path).exists()


def test_a_file_replaced_while_its_last_content_goes_to_the_disk_keeps_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real_sync, real_link = tmp_path / "a.json", os.fsync, os.link
    seen: list[int] = []
    kept: list[Path] = []
    path.write_text("0")
    wait_for_disk()

    def replace_meanwhile(number: int) -> None:
        real_sync(number)
        seen.append(number)
        if len(seen) == 1:
            replace_text(path, "2")

    def keep(source: Path, target: Path) -> None:
        kept.append(source)
        real_link(source, target)

    monkeypatch.setattr(os, "fsync", replace_meanwhile)
    monkeypatch.setattr(os, "link", keep)
    replace_text(path, "1")
    wait_for_disk()
    assert path.read_text() == "2"
    assert kept == [path], "what was on the disk was let go before the new content was there"
    assert not name_before(path).exists()


def test_a_loss_of_power_leaves_the_earlier_document(tmp_path: Path, stuck_disk: threading.Event) -> None:
    folder = ProjectFolder(tmp_path)
    folder.models.mkdir()
    folder.write(ProjectDocument(name="caps"))
    stuck_disk.set()
    wait_for_disk()
    stuck_disk.clear()
    folder.write(ProjectDocument(name="lids"))
    assert folder.read().name == "lids"
    folder.document_file.write_bytes(b"\0" * 40)  # as a file system leaves what never got to the disk
    assert folder.read().name == "caps"
    folder.write(ProjectDocument(name="seals"))
    assert folder.read().name == "seals"


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_loss_of_power_leaves_the_earlier_journal(
    tmp_path: Path, stuck_disk: threading.Event, share: float
) -> None:
    journal = tmp_path / "0001.jsonl"
    stuck_disk.set()
    write_events(journal, [{"rows": [n]} for n in range(9)])
    add_events(journal, [{"rows": [9]}])
    wait_for_disk()
    earlier = list(read_events(journal))
    stuck_disk.clear()
    write_events(journal, [{"rows": [n]} for n in range(50)])
    content = journal.read_bytes()
    journal.write_bytes(content[: int(len(content) * share)])
    assert list(read_events(journal)) == earlier
    add_events(journal, [{"rows": [10]}])
    assert list(read_events(journal)) == [*earlier, {"rows": [10]}]


def test_the_first_file_of_all_leaves_nothing_behind_when_the_power_fails(
    tmp_path: Path, stuck_disk: threading.Event
) -> None:
    journal = tmp_path / "0001.jsonl"
    write_events(journal, [{"rows": [1]}])
    journal.write_bytes(b'{"rows"')
    assert list(read_events(journal)) == []
    assert not stuck_disk.is_set()


def test_a_file_system_without_links_keeps_the_earlier_file_too(
    tmp_path: Path, stuck_disk: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM), str(source), None, str(target))

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "a.json"
    path.write_text("0")
    replace_text(path, "1")
    assert (path.read_text(), name_before(path).read_text()) == ("1", "0")
    assert not stuck_disk.is_set()


def test_a_disk_that_refuses_is_said_at_the_next_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real = tmp_path / "a.json", os.fsync
    replace_text(path, "0")
    wait_for_disk()

    def refuse(number: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", refuse)
    replace_text(path, "1")
    wait_for_disk()
    assert name_before(path).read_text() == "0"
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        replace_text(path, "2")
    monkeypatch.setattr(os, "fsync", real)
    replace_text(path, "3")
    wait_for_disk()
    assert path.read_text() == "3"
    assert not name_before(path).exists()


def test_a_failed_writing_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    replace_text(path, "0")
    wait_for_disk()
    with pytest.raises(KeyError), replace_file(path) as file:
        file.write(b"1")
        raise KeyError
    assert path.read_text() == "0"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_goes_away_costs_nothing(tmp_path: Path, stuck_disk: threading.Event) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    replace_text(folder / "a.json", "1")
    for file in list(folder.iterdir()):
        file.unlink()
    folder.rmdir()
    stuck_disk.set()
    wait_for_disk()
    folder.mkdir()
    replace_text(folder / "a.json", "2")
    assert (folder / "a.json").read_text() == "2"


def test_only_what_is_torn_is_restored(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("1")
    name_before(path).write_text("0")
    restore_file(path, is_json)
    assert path.read_text() == "1"
    path.write_text("{")
    restore_file(path, is_json)
    assert path.read_text() == "0"
    assert not name_before(path).exists()
