import sqlite3
import threading

import pytest

from anomaly_gui.detection.features import feature_cache
from anomaly_gui.detection.features.feature_cache import FeatureCache, default_cache

NAMES = ("facts", "layer")


@pytest.fixture
def cache(tmp_path):
    cache = FeatureCache(tmp_path / "cache")
    yield cache
    cache.close()


def _row(text):
    return {"facts": b"facts of " + text, "layer": b"layer of " + text}


def test_what_was_kept_is_found_again(cache, tmp_path):
    cache.put("recipe", [("a", _row(b"a")), ("b", _row(b"b"))])
    assert cache.get("a", "recipe", NAMES) == _row(b"a")
    assert cache.get("a", "recipe", ("layer",)) == {"layer": b"layer of a"}
    cache.close()
    again = FeatureCache(tmp_path / "cache")
    assert again.get("b", "recipe", NAMES) == _row(b"b")
    again.close()


@pytest.mark.parametrize(
    ("image", "recipe", "names"),
    [("c", "recipe", NAMES), ("a", "other", NAMES), ("a", "recipe", (*NAMES, "another layer"))],
)
def test_nothing_is_found_unless_all_of_it_is_there(cache, image, recipe, names):
    cache.put("recipe", [("a", _row(b"a"))])
    assert cache.get(image, recipe, names) is None


def test_a_name_is_added_to_what_is_known(cache):
    cache.put("recipe", [("a", {"facts": b"1"})])
    cache.put("recipe", [("a", {"layer": b"2", "facts": b"3"})])
    assert cache.get("a", "recipe", NAMES) == {"facts": b"3", "layer": b"2"}


def test_a_changed_byte_is_no_find(cache, tmp_path):
    cache.put("recipe", [("a", _row(b"a")), ("b", _row(b"b"))])
    with sqlite3.connect(cache.path) as other:
        other.execute("UPDATE kept SET value = X'00' WHERE image = 'a' AND name = 'layer'")
    assert cache.get("a", "recipe", NAMES) is None
    assert cache.get("b", "recipe", NAMES) is not None


def test_it_stays_within_its_limit_and_gives_up_what_was_not_used_for_longest(tmp_path, monkeypatch):
    times = iter(range(10**9, 10**12, 10 * feature_cache._FRESH))
    monkeypatch.setattr(feature_cache.time, "time", lambda: next(times))
    monkeypatch.setattr(feature_cache, "_ROWS_AT_ONCE", 5)
    limit = 1_000_000
    cache = FeatureCache(tmp_path, limit)
    for number in range(100):
        cache.put("recipe", [(str(number), {"layer": bytes(50_000)})])
        assert cache.get("0", "recipe", ("layer",)) is not None
        assert cache.size()[1] <= 1.3 * limit
    assert cache.get("99", "recipe", ("layer",)) is not None
    assert cache.get("1", "recipe", ("layer",)) is None
    cache.close()
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 2 * limit


def test_a_damaged_file_is_begun_anew(tmp_path):
    cache = FeatureCache(tmp_path)
    cache.put("recipe", [("a", _row(b"a"))])
    cache.close()
    cache.path.write_bytes(b"no database at all" * 1000)
    again = FeatureCache(tmp_path)
    assert not again.trouble
    assert again.get("a", "recipe", NAMES) is None
    again.put("recipe", [("a", _row(b"a"))])
    assert again.get("a", "recipe", NAMES) == _row(b"a")
    again.close()


def test_damage_in_the_middle_of_work_ends_its_use_only(cache):
    cache.put("recipe", [("a", {"layer": bytes(500_000)})])
    cache._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with cache.path.open("r+b") as file:
        file.seek(0)
        file.write(bytes(cache.path.stat().st_size))
    cache._connection.execute("PRAGMA cache_size=0")
    for _ in range(3):
        cache.put("recipe", [("b", {"layer": b"1"})])
    assert cache.get("a", "recipe", ("layer",)) in (None, {"layer": bytes(500_000)})


def test_a_place_that_cannot_be_used_is_said_and_done_without(tmp_path):
    (tmp_path / "file").write_text("no folder")
    cache = FeatureCache(tmp_path / "file" / "cache")
    assert "cannot be used" in cache.trouble
    cache.put("recipe", [("a", _row(b"a"))])
    assert cache.get("a", "recipe", NAMES) is None
    assert cache.size() == (0, 0)
    cache.clear()
    cache.close()


def test_two_processes_may_share_it(tmp_path):
    one, other = FeatureCache(tmp_path), FeatureCache(tmp_path)
    one.put("recipe", [("a", _row(b"a"))])
    other.put("recipe", [("b", _row(b"b"))])
    assert one.get("b", "recipe", NAMES) == _row(b"b")
    assert other.get("a", "recipe", NAMES) == _row(b"a")
    assert not one.trouble + other.trouble
    one.close()
    other.close()


def test_threads_may_share_it(cache):
    cache.put("recipe", [(str(number), _row(b"%d" % number)) for number in range(50)])
    wrong = []

    def look_up(start):
        numbers = range(start, 50, 4)
        wrong.extend(k for k in numbers if cache.get(str(k), "recipe", NAMES) != _row(b"%d" % k))

    threads = [threading.Thread(target=look_up, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_clearing_gives_the_space_back(cache):
    kept = {"facts": b"{}", "layer": bytes(100_000)}
    cache.put("recipe", [(str(number), kept) for number in range(20)])
    assert cache.size()[0] == 20
    cache.clear()
    images, size = cache.size()
    assert images == 0
    assert size < 100_000


def test_where_it_is_told_to_be(tmp_path, monkeypatch):
    monkeypatch.setenv(feature_cache.VARIABLE, "off")
    assert default_cache() is None
    monkeypatch.setenv(feature_cache.VARIABLE, str(tmp_path / "there"))
    cache = default_cache()
    assert cache.path.parent == tmp_path / "there"
    cache.close()
