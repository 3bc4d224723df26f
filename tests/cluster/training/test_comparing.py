"""A comparison in parts: the candidates, in the order and with the figures of one machine."""

import pytest
from parts import save_parts

from anomaly_gui.cluster.local_engine import LocalEngine
from anomaly_gui.cluster.training.comparing import compare_on_cluster
from anomaly_gui.detection.candidates.request import CompareRequest
from anomaly_gui.detection.comparison import compare
from anomaly_gui.progress import SilentProgress


def test_workers_share_the_candidates_of_one_comparison(tmp_path):
    request = CompareRequest(
        (save_parts(tmp_path / "good", 24),),
        (save_parts(tmp_path / "bad", 6, seed=9, defect=True),),
        sizes=(64, 96),
        backbones=("efficientnet-lite0",),
    )
    own = compare(request, SilentProgress())
    with LocalEngine(2) as engine:
        found = compare_on_cluster(request, engine, SilentProgress())
    assert [str(one) for one in found.candidates] == [str(one) for one in own.candidates]
    assert [one.auroc for one in found.candidates] == pytest.approx([one.auroc for one in own.candidates])
    assert found.groups.numbers.tolist() == own.groups.numbers.tolist()
    assert found.normal.count == own.normal.count and found.anomalous.count == own.anomalous.count
    assert str(found.recommended) == str(own.recommended)
