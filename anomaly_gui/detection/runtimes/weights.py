"""The weights that ship with the product: a backbone's file, once it is sure to be the right one."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from anomaly_gui.errors import UserError
from anomaly_gui.paths import resource

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.settings.backbones import Backbone


def check_weights(backbone: Backbone) -> Path:
    """Return the file with a backbone's weights.

    Raises
    ------
    UserError : it is missing, or not the one this version was made with
    """
    path = resource("weights", backbone.weights)
    try:
        with path.open("rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
    except OSError as error:
        raise UserError(
            f"{path}: the weights of {backbone.title} cannot be read ({error.strerror}); install again."
        ) from error
    if digest != backbone.sha256:
        raise UserError(f"{path}: the weights of {backbone.title} are damaged; install again.")
    return path
