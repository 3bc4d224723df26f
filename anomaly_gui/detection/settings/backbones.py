"""Every backbone, declared once: a new one is a module that builds its graph, weights, and one entry here.

A backbone is a network trained on ImageNet, of which some layers' outputs are used. Nothing here imports what
runs it; `runtimes/graph.py` says what its module has to yield.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from anomaly_gui.detection.settings.choices import HELLINGER, UNCHANGED, UNIT_LENGTH
from anomaly_gui.errors import ParameterError
from anomaly_gui.language import translate
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_IN = "anomaly_gui.detection.runtimes."


@dataclass(frozen=True)
class Layer:
    """A layer whose output can be used; of EfficientNet, a whole stage.

    Parameters
    ----------
    name : what people call it
    channels : numbers of each position
    stride : pixels of the input from one position to the next
    operations : multiplications a pixel of the input that it takes to get here from the layer before
    """

    name: str
    channels: int
    stride: int
    operations: float


@dataclass(frozen=True)
class Backbone:
    """A network trained on ImageNet, as data.

    Parameters
    ----------
    name : value of the setting `backbone`
    title : what people read
    layers : in the order of the network
    default_layers : whose pooled outputs describe a whole image where none are named
    joint_layers : which a comparison tries together, beside each alone
    grid_layers : whose outputs describe a cell: fine to coarse, what it looks like and what it is part of
    normalization : of pooled outputs, where none is named; one of `NORMALIZATIONS`
    cell_normalization : of cells; one of those in `features/grids.py`
    cell_channels : numbers that are used of a cell where none are named
    map_share : of the cells of an image whose parts lie in place: the mean of the highest is its score
    mean : of each channel, red, green, blue; taken off the pixels, 0 to 255
    scale : what the difference is multiplied by
    weights : file in the folder of weights that ship with the product
    sha256 : of that file
    decoding_spare : how many times larger than needed an image has to be decoded (see `ReadingOptions`)
    is_light : whether most of its convolutions see one channel or one position only
    largest_size : side of a square with as many pixels as its largest input: what memory has room for
    licence : of the weights; `resources/NOTICE` has it in full
    graph : "module:function" that yields the network's nodes; imported when it is used first
    """

    name: str
    title: str
    layers: tuple[Layer, ...]
    default_layers: tuple[str, ...]
    joint_layers: tuple[str, ...]
    grid_layers: tuple[str, ...]
    normalization: str
    cell_normalization: str
    cell_channels: int
    map_share: float
    mean: tuple[float, float, float]
    scale: float
    weights: str
    sha256: str
    licence: str
    graph: str
    decoding_spare: int = 2
    is_light: bool = False
    largest_size: int = 1024

    @property
    def layer_names(self) -> tuple[str, ...]:
        """The names of the layers, in the order of the network."""
        return tuple(layer.name for layer in self.layers)

    @property
    def grid_channels(self) -> int:
        """Numbers of a cell before they are reduced."""
        return sum(self.find_layer(name).channels for name in self.grid_layers)

    def find_layer(self, name: str) -> Layer:
        """Return the layer of a name; ParameterError where there is none."""
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise ParameterError(
            translate(
                "There is no layer named {name!r} in {backbone}: take of {known}.",
                name=name,
                backbone=self.title,
                known=join_list(self.layer_names),
            )
        )

    def list_layers_until(self, deepest: str) -> tuple[Layer, ...]:
        """Return the layers from the input to this one."""
        return self.layers[: self.layer_names.index(deepest) + 1]

    def find_deepest(self, names: Iterable[str]) -> str:
        """Return the layer furthest from the input.

        >>> VGG16.find_deepest(["block4_conv3", "block2_pool"])
        'block4_conv3'
        """
        return max(names, key=self.layer_names.index)

    def count_pixel_operations(self, names: Iterable[str]) -> float:
        """Return multiplications a pixel of the input up to the deepest of these layers.

        >>> deep, less_deep = (VGG16.count_pixel_operations([f"block{k}_conv3"]) for k in (5, 4))
        >>> round(deep / less_deep, 2)
        1.1
        """
        return sum(layer.operations for layer in self.list_layers_until(self.find_deepest(names)))


def _list_vgg16_layers() -> tuple[Layer, ...]:
    layers, inputs = [], 3
    for block, (convolutions, channels) in enumerate(((2, 64), (2, 128), (3, 256), (3, 512), (3, 512))):
        stride = 2**block
        for number in range(1, convolutions + 1):
            name = f"block{block + 1}_conv{number}"
            layers.append(Layer(name, channels, stride, 9 * inputs * channels / stride**2))
            inputs = channels
        layers.append(Layer(f"block{block + 1}_pool", channels, 2 * stride, 0.0))
    return tuple(layers)


def _list_stages(channels: tuple[int, ...], operations: tuple[float, ...]) -> tuple[Layer, ...]:
    strides = (2, 4, 8, 16, 16, 32, 32)
    stages = enumerate(zip(channels, strides, operations, strict=True))
    return tuple(Layer(f"stage{number}", *values) for number, values in stages)


VGG16 = Backbone(
    name="vgg16",
    title="VGG16",
    layers=_list_vgg16_layers(),
    default_layers=("block4_conv3",),
    joint_layers=("block2_pool", "block3_pool", "block4_pool"),
    grid_layers=("block2_conv2", "block3_conv3", "block4_conv3"),
    normalization=HELLINGER,
    cell_normalization=HELLINGER,
    cell_channels=100,
    map_share=0.01,
    mean=(123.68, 116.779, 103.939),
    scale=1.0,
    weights="vgg16_imagenet_notop.float16.weights.h5",
    sha256="65c4f9c6baa882e8104eccf4e474dd55b5824d87497c0fb6229aec2dd54d1d26",
    licence="CC BY 4.0",
    graph=_IN + "vgg16:build_nodes",
)


def _make_efficientnet(version: str, stages: tuple[Layer, ...], sha256: str) -> Backbone:
    """Return an EfficientNet-Lite; its stages end without ReLU, so that a square root makes no sense."""
    return Backbone(
        name=f"efficientnet-lite{version}",
        title=f"EfficientNet-Lite{version}",
        layers=stages,
        default_layers=("stage1", "stage2", "stage4", "stage5"),
        joint_layers=("stage1", "stage2", "stage4", "stage5"),
        grid_layers=("stage1", "stage2", "stage4", "stage5"),
        normalization=UNCHANGED,
        cell_normalization=UNIT_LENGTH,
        cell_channels=150,
        map_share=0.07,
        mean=(127.0, 127.0, 127.0),
        scale=1 / 128,
        weights=f"efficientnet_lite{version}_imagenet_notop.float16.npz",
        sha256=sha256,
        licence="Apache-2.0",
        graph=_IN + "efficientnet_lite:build_nodes",
        decoding_spare=1,
        is_light=True,
        largest_size=2048,
    )


_BACKBONES = (
    VGG16,
    _make_efficientnet(
        "0",
        _list_stages(
            (16, 24, 40, 80, 112, 192, 320),
            (416.0, 1095.0, 756.0, 867.1875, 1714.125, 1816.78125, 586.125),
        ),
        "1983ba5062f9cad5cde24d4d61df6ed04ee2fcfae9041f039ba5e94277332dc4",
    ),
    _make_efficientnet(
        "2",
        _list_stages(
            (16, 24, 48, 88, 120, 208, 352),
            (416.0, 1608.0, 1469.25, 1469.8125, 2716.5, 2651.203125, 693.46875),
        ),
        "2dd51fdd2236101a1cf7d04a1230ca6b49661488e14d468d674bfbae8d127021",
    ),
)

BACKBONES: Mapping[str, Backbone] = MappingProxyType({one.name: one for one in _BACKBONES})
"""Every backbone by its name, in the order in which they are offered."""


def find_backbone(name: str) -> Backbone:
    """Return the backbone of a name; ParameterError where there is none."""
    if name not in BACKBONES:
        raise ParameterError(
            translate(
                "There is no backbone named {name!r}: take one of {known}.",
                name=name,
                known=join_list(BACKBONES),
            )
        )
    return BACKBONES[name]
