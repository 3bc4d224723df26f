"""Models that images cannot be added to say why, and what to do."""

from types import SimpleNamespace

import pytest

from anomaly_gui.detection.model.updatable import require_kept
from anomaly_gui.errors import TrainingError


def test_a_model_of_several_parts_in_an_image_is_not_called_an_old_one():
    detector = SimpleNamespace(kind="auto", plan=SimpleNamespace(pieces=4), can_renew=False)
    model = SimpleNamespace(detector=detector, training=SimpleNamespace(kept=None))
    with pytest.raises(TrainingError, match=r"judges 4 parts in each image.*train a model anew"):
        require_kept(model)
