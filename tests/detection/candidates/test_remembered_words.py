"""A comparison is remembered in every language: who trains later may speak another."""

from parts import save_parts

from anomaly_gui.detection.candidates.remembered import RememberedComparison
from anomaly_gui.detection.features.feature_cache import FeatureCache
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.language import speak, translate


def test_why_is_told_in_the_language_of_who_asks(tmp_path):
    good = sorted(save_parts(tmp_path / "good", 3, 0).iterdir())
    cache = FeatureCache(tmp_path / "cache.sqlite")
    known = RememberedComparison.of(cache, good, RegionOfInterest(), 10**6)
    assert known.find() is None
    english = "No size is named: give one or more, such as 224."
    with speak("zh_CN"):
        known.store({"detector": "auto"}, lambda: translate(english))
        assert known.find().why == "没有给出尺寸：请给出一个或多个，如 224。"
    assert known.find().why == english
    assert known.find().choice == {"detector": "auto"}
    cache.close()
