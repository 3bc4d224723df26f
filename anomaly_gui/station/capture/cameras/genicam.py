"""GenICam cameras by harvesters: through a GenTL producer, a .cti file that the camera's maker ships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.language import translate
from anomaly_gui.station.capture.cameras.source import CameraError, require_opencv, spread_depth
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from anomaly_gui.station.capture.cameras.source import Frame
    from anomaly_gui.station.settings.camera_settings import GenicamSettings

_WAIT = 2.0  # seconds for a frame; who watches is sooner
_DEPTHS = {"Mono8": 8, "Mono10": 10, "Mono12": 12, "Mono14": 14, "Mono16": 16}
_CHANNELS = {"RGB8": (3, (0, 1, 2)), "BGR8": (3, (2, 1, 0)), "RGBa8": (4, (0, 1, 2)), "BGRa8": (4, (2, 1, 0))}
_MOSAICS = {
    "BayerRG8": "COLOR_BayerRGGB2RGB",
    "BayerGR8": "COLOR_BayerGRBG2RGB",
    "BayerGB8": "COLOR_BayerGBRG2RGB",
    "BayerBG8": "COLOR_BayerBGGR2RGB",
}
FORMATS = (*_DEPTHS, *_CHANNELS, *_MOSAICS)


class GenicamSource:
    """A camera behind a GenTL producer."""

    def __init__(self, settings: GenicamSettings) -> None:
        self._harvester = _load_harvester()
        self._acquirer: Any = None
        try:
            self._open(settings)
        except CameraError:
            self.close()
            raise
        except Exception as error:  # the library has no class for all of its errors
            self.close()
            why = str(error) or type(error).__name__
            raise CameraError(translate("The GenICam camera cannot be opened ({why}).", why=why)) from error

    def _open(self, settings: GenicamSettings) -> None:
        self._harvester.add_file(str(settings.producer), check_existence=True, check_validity=True)
        self._harvester.update()
        found = list(self._harvester.device_info_list)
        wanted = [one for one in found if settings.device in ("", one.serial_number, one.id_)]
        if not wanted:
            names = join_list([f"{one.id_} ({one.serial_number})" for one in found]) or translate("none")
            raise CameraError(
                translate(
                    "{path} finds no camera “{name}”; there are: {names}.",
                    path=settings.producer,
                    name=settings.device,
                    names=names,
                )
            )
        self._acquirer = self._harvester.create(found.index(wanted[0]))
        self._set_nodes(settings)
        self._acquirer.start()

    def _set_nodes(self, settings: GenicamSettings) -> None:
        nodes = self._acquirer.remote_device.node_map
        for name, value in settings.nodes.items():
            if not nodes.has_node(name):
                raise CameraError(translate("The camera has no node “{name}”.", name=name))
            nodes.get_node(name).value = value

    def read_frame(self) -> Frame:
        """Wait for the next frame and return it."""
        try:
            with self._acquirer.fetch(timeout=_WAIT) as buffer:
                part = buffer.payload.components[0]
                return shape_frame(part.data_format, part.data, part.height, part.width)
        except CameraError:
            raise
        except Exception as error:  # the library has no class for all of its errors
            why = str(error) or type(error).__name__
            raise CameraError(translate("The GenICam camera gives no frame ({why}).", why=why)) from error

    def close(self) -> None:
        """Let the camera and the producer go."""
        if self._acquirer is not None:
            self._acquirer.destroy()
            self._acquirer = None
        self._harvester.reset()


def shape_frame(kind: str, data: Frame, height: int, width: int) -> Frame:
    """Return a copy of a buffer's values as a frame.

    Parameters
    ----------
    kind : the pixel format, by its name in the GenICam naming convention
    data : values, in one row
    """
    if kind in _DEPTHS:
        grey = np.array(data.reshape(height, width))
        return spread_depth(grey, _DEPTHS[kind]) if 8 < _DEPTHS[kind] < 16 else grey
    if kind in _CHANNELS:
        count, order = _CHANNELS[kind]
        return np.ascontiguousarray(data.reshape(height, width, count)[..., order])
    if kind in _MOSAICS:
        cv2 = require_opencv()
        return np.asarray(cv2.cvtColor(data.reshape(height, width), getattr(cv2, _MOSAICS[kind])))
    raise CameraError(
        translate(
            "The camera sends {kind}: set its PixelFormat to one of {kinds}.",
            kind=kind,
            kinds=join_list(FORMATS),
        )
    )


def _load_harvester() -> Any:
    try:
        from harvesters.core import Harvester
    except ImportError as error:
        raise CameraError(
            translate(
                "GenICam cameras need a library that is not installed: pip install “anomaly-gui[genicam]”."
            )
        ) from error
    return Harvester()
