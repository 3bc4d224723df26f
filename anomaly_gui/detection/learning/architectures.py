"""Networks as data: a list of layers, from which our code builds them for training and for judging.

Shapes are (height, width, channels). Convolutions pad so that the output has the input's size over the
stride ("same").
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, TypeAlias

from anomaly_gui.detection.settings.choices import NETWORK_SIZES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CONVOLUTION, DENSE, POOL, UPSAMPLE, RESHAPE = "convolution", "dense", "pool", "upsample", "reshape"
KINDS = (CONVOLUTION, DENSE, POOL, UPSAMPLE, RESHAPE)


LEAK = 0.1
"""Slope of an activation below 0: not bounded on either side, as Deep SVDD wants it."""

_SMALLEST_SIDE = 4  # of a map: then comes the latent vector
_CHANNELS = (16, 32, 64)  # of the first levels; deeper ones have as many as the last
_MOST_LAYERS, _MOST_UNITS, _MOST_KERNEL = 64, 1 << 16, 11

Shape: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True)
class Layer:
    """One layer.

    Parameters
    ----------
    kind : one of `KINDS`
    units : outputs of a dense layer, channels of a convolution or of a reshaped map
    kernel, stride : of a convolution, in pixels; `stride` is also what a pool or an upsampling changes
    bias : whether it has one that is learned
    scaled : whether its outputs are normalised over the batch
    active : whether a leaky rectifier follows
    """

    kind: str
    units: int = 0
    kernel: int = 1
    stride: int = 1
    bias: bool = True
    scaled: bool = False
    active: bool = False

    @property
    def has_weights(self) -> bool:
        """Whether there is anything to learn."""
        return self.kind in (CONVOLUTION, DENSE)

    def output_shape(self, shape: Shape) -> Shape:
        """Return the output's shape; ValueError where the input does not fit."""
        height, width, channels = shape
        if self.kind == CONVOLUTION:
            return -(-height // self.stride), -(-width // self.stride), self.units
        if self.kind == DENSE:
            return 1, 1, self.units
        if self.kind == POOL:
            if height % self.stride or width % self.stride:
                raise ValueError(f"a map of {height} x {width} cannot be pooled by {self.stride}")
            return height // self.stride, width // self.stride, channels
        if self.kind == UPSAMPLE:
            return height * self.stride, width * self.stride, channels
        if (height, width) != (1, 1) or channels != self.kernel**2 * self.units:
            raise ValueError("a reshaped layer has as many numbers as before")
        return self.kernel, self.kernel, self.units

    def kernel_shape(self, shape: Shape) -> tuple[int, ...]:
        """Return the shape of the weights for an input of a shape."""
        height, width, channels = shape
        if self.kind == CONVOLUTION:
            return self.kernel, self.kernel, channels, self.units
        return height * width * channels, self.units


@dataclass(frozen=True)
class Architecture:
    """A network: what it takes, and its layers.

    Parameters
    ----------
    size : side of the square input in pixels, one of `NETWORK_SIZES`
    channels : 1 for grey images, 3 for RGB
    encoder : from the image to the latent vector
    decoder : from the latent vector back to an image; empty where there is none
    """

    size: int
    channels: int
    encoder: tuple[Layer, ...]
    decoder: tuple[Layer, ...] = ()

    def __post_init__(self) -> None:
        if self.size not in NETWORK_SIZES or self.channels not in (1, 3):
            raise ValueError(f"no network takes {self.channels} channels of {self.size} pixels")
        if not 0 < len(self.encoder) <= _MOST_LAYERS or len(self.decoder) > _MOST_LAYERS:
            raise ValueError("a network has a number of layers that none has")
        for layer in (*self.encoder, *self.decoder):
            _check_layer(layer)
        if self.decoder and find_shape_after(self.decoder, (1, 1, self.latent_size)) != self.input_shape:
            raise ValueError("the decoder yields no image of the input's size")

    @property
    def input_shape(self) -> Shape:
        """The shape of an image."""
        return self.size, self.size, self.channels

    @property
    def latent_size(self) -> int:
        """The length of the latent vector."""
        height, width, channels = find_shape_after(self.encoder, self.input_shape)
        if (height, width) != (1, 1):
            raise ValueError("the encoder yields no vector")
        return channels

    def to_values(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Architecture:
        """Return the architecture of JSON values; ValueError for what is none."""
        return cls(
            values["size"],
            values["channels"],
            *(tuple(_parse_layer(one) for one in values[part]) for part in ("encoder", "decoder")),
        )


def _parse_layer(values: Mapping[str, Any]) -> Layer:
    return Layer(**{field.name: values[field.name] for field in fields(Layer)})


def _check_layer(layer: Layer) -> None:
    if layer.kind not in KINDS:
        raise ValueError(f"there is no layer of the kind {layer.kind!r}")
    if not (0 <= layer.units <= _MOST_UNITS and 1 <= layer.stride <= 4 and 1 <= layer.kernel <= _MOST_KERNEL):
        raise ValueError(f"a layer of the kind {layer.kind} is out of range")
    if layer.kind in (CONVOLUTION, DENSE, RESHAPE) and layer.units < 1:
        raise ValueError(f"a layer of the kind {layer.kind} has no outputs")


def find_shape_after(layers: Sequence[Layer], shape: Shape) -> Shape:
    """Return the shape that layers make of a shape."""
    for layer in layers:
        shape = layer.output_shape(shape)
    return shape


def _list_channels(size: int) -> tuple[int, ...]:
    count = (size // _SMALLEST_SIDE).bit_length() - 1
    return tuple(_CHANNELS[min(level, len(_CHANNELS) - 1)] for level in range(count))


def make_autoencoder(size: int, channels: int, latent: int) -> Architecture:
    """Return a convolutional autoencoder: strided convolutions down to 4 x 4, a latent vector, and back."""
    levels = _list_channels(size)
    down = [Layer(CONVOLUTION, count, 3, 2, scaled=True, active=True) for count in levels]
    numbers = _SMALLEST_SIDE**2 * levels[-1]
    up = [
        Layer(DENSE, numbers, scaled=True, active=True),
        Layer(RESHAPE, levels[-1], _SMALLEST_SIDE),
    ]
    for count in levels[-2::-1]:
        up += [Layer(UPSAMPLE, stride=2), Layer(CONVOLUTION, count, 3, scaled=True, active=True)]
    up += [Layer(UPSAMPLE, stride=2), Layer(CONVOLUTION, channels, 3)]
    return Architecture(size, channels, (*down, Layer(DENSE, latent)), tuple(up))


def make_svdd_encoder(size: int, channels: int, latent: int) -> Architecture:
    """Return Deep SVDD's encoder: the paper's LeNet with a level for each halving of the image.

    No bias is learned anywhere and no activation is bounded: with either the network could map every image to
    the centre (Ruff et al., "Deep One-Class Classification", ICML 2018, propositions 2 and 3). The mean that
    is subtracted by normalisation over the batch is no learned term.
    """
    layers: list[Layer] = []
    for count in _list_channels(size):
        layers += [
            Layer(CONVOLUTION, count, 5, bias=False, scaled=True, active=True),
            Layer(POOL, stride=2),
        ]
    return Architecture(size, channels, (*layers, Layer(DENSE, latent, bias=False)))


def add_decoder(encoder: Architecture) -> Architecture:
    """Return an encoder with a decoder behind it, for pretraining: no biases there either."""
    whole = make_autoencoder(encoder.size, encoder.channels, encoder.latent_size)
    unbiased = tuple(
        Layer(one.kind, one.units, one.kernel, one.stride, False, one.scaled, one.active)
        for one in whole.decoder
    )
    return Architecture(encoder.size, encoder.channels, encoder.encoder, unbiased)
