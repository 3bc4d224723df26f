"""Lists of layers, as people write them."""

from __future__ import annotations


def parse_layers(text: str) -> tuple[str, ...]:
    """Return the layer names of a list with commas.

    >>> parse_layers("block2_pool, block3_pool")
    ('block2_pool', 'block3_pool')
    """
    return tuple(name.strip() for name in text.split(",") if name.strip())
