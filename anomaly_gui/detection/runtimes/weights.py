"""The weights that ship with the product: a backbone's file, once it is sure to be the right one."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.paths import resource
from anomaly_gui.wording import explain_os_error

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
            translate(
                "{path}: the weights of {backbone} cannot be read ({why}); install again.",
                path=path,
                backbone=backbone.title,
                why=explain_os_error(error),
            )
        ) from error
    if digest != backbone.sha256:
        raise UserError(
            translate(
                "{path}: the weights of {backbone} are damaged; install again.",
                path=path,
                backbone=backbone.title,
            )
        )
    return path
