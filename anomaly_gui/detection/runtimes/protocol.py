"""What runs the network: images in, layer outputs out, behind one small interface."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from anomaly_gui.detection.settings.backbones import VGG16
from anomaly_gui.errors import ParameterError, UserError
from anomaly_gui.language import translate
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.detection.settings.backbones import Backbone


def explain_missing_tensorflow(what: str) -> str:
    """Return what to say to who asks for what only TensorFlow can do."""
    return translate(
        "{what} needs TensorFlow, which this installation does without: install it with "
        '`pip install "anomaly-gui[tensorflow]"`.',
        what=what,
    )


class Runtime(Protocol):
    """Runs a backbone up to the deepest layer asked for."""

    @property
    def name(self) -> str:
        """The runtime's name and version, as written into results and model files."""

    def for_backbone(self, backbone: Backbone) -> Runtime:
        """Return what really runs a backbone, by whose name its features are known."""

    def pooled(
        self, batch: ImageArray, layers: Sequence[str], backbone: Backbone = VGG16
    ) -> list[FloatArray]:
        """Return each layer's output averaged over positions, (images, channels) float32, in one pass.

        Parameters
        ----------
        batch : (images, height, width, 3) uint8, RGB
        layers : names of the backbone's layers
        backbone : one of `anomaly_gui.detection.settings.backbones`
        """

    def gridded(
        self,
        batch: ImageArray,
        layers: Sequence[str],
        grid_layers: Sequence[str],
        shape: tuple[int, int],
        backbone: Backbone = VGG16,
    ) -> tuple[list[FloatArray], FloatArray]:
        """Return pooled outputs as `pooled` does, and some layers' outputs on one grid, in one pass.

        Parameters
        ----------
        batch, layers, backbone : see `pooled`
        grid_layers : layers that are brought onto the grid and joined: finer ones are averaged, and between
            the positions of coarser ones is filled in linearly
        shape : rows and columns of the grid

        Returns
        -------
        [(images, channels) float32], and (images, rows * columns, channels of all grid layers) float32
        """


AUTOMATIC, MNN, KERAS, ONNX = "auto", "mnn", "keras", "onnx"
RUNTIMES = (AUTOMATIC, MNN, KERAS, ONNX)

VARIABLE = "ANOMALY_GUI_RUNTIME"
"""Environment variable that names the runtime where nothing else does."""


def default_runtime(name: str | None = None) -> Runtime:
    """Return the runtime of a name, or the one this machine should use.

    That is TensorFlow where it sees a GPU, and MNN everywhere else: on two cores it was at least as fast at
    every size and depth (`tests/benchmarks/speed/runtimes.py`). Light backbones are run by ONNX Runtime where
    it is installed (`tests/benchmarks/speed/light_runtimes.py`).

    Parameters
    ----------
    name : one of `RUNTIMES`; None: what the environment variable `VARIABLE` says, else "auto"

    Raises
    ------
    ParameterError : a name that is none
    UserError : what it needs is not installed
    """
    name = _check_runtime(name or os.environ.get(VARIABLE) or AUTOMATIC)
    if name == KERAS or (name == AUTOMATIC and _keras_is_better()):
        if not is_installed("tensorflow"):
            raise UserError(explain_missing_tensorflow(translate("The runtime keras")))
        from anomaly_gui.detection.runtimes.keras_runtime import KerasRuntime  # late: brings TensorFlow

        return KerasRuntime()
    if name == ONNX:
        return _start_onnx()
    if not is_installed("MNN"):
        raise UserError(
            translate("MNN, which runs the network, is not installed: install anomaly-gui again.")
        )
    if name == AUTOMATIC and is_installed("onnxruntime"):
        from anomaly_gui.detection.runtimes.best_runtime import BestRuntime

        return BestRuntime()
    from anomaly_gui.detection.runtimes.mnn_runtime import MnnRuntime

    return MnnRuntime()


def _check_runtime(name: str) -> str:
    if name not in RUNTIMES:
        known = join_list(RUNTIMES)
        raise ParameterError(
            translate("There is no runtime named {name!r}: take one of {known}.", name=name, known=known)
        )
    return name


def _start_onnx() -> Runtime:
    if not is_installed("onnxruntime"):
        raise UserError(
            translate(
                "The runtime onnx needs ONNX Runtime, which is not installed: install it with "
                "`pip install onnxruntime`."
            )
        )
    from anomaly_gui.detection.runtimes.onnx_runtime import OnnxRuntime

    return OnnxRuntime()


def _keras_is_better() -> bool:
    from anomaly_gui.detection.runtimes.gpu import tensorflow_sees_a_gpu

    if not is_installed("tensorflow"):
        return False
    return tensorflow_sees_a_gpu() or not is_installed("MNN")


def is_installed(module: str) -> bool:
    """Tell whether a module can be imported, without doing so."""
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):  # one that was made impossible to import
        return False
