"""What the tests of pictures look at: pixels, texts, and whether every text is inside the picture."""

from unittest import mock

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from anomaly_gui.figures.canvas import set_up_drawing


def pixels(figure):
    with set_up_drawing():
        figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3]


def texts(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


def near(picture, colour, within=24):
    """Count the pixels of a colour."""
    wanted = np.array(to_rgb(colour)) * 255
    return int((np.abs(picture - wanted).max(axis=-1) <= within).sum())


def drawn_texts(figure):
    """Return each text that gets drawn (ticks out of view do not) and its box in pixels."""
    drawn, draw = [], Text.draw

    def note(text, renderer, *rest, **more):
        draw(text, renderer, *rest, **more)
        if text.get_visible() and text.get_text().strip():
            drawn.append((text.get_text(), text.get_window_extent(renderer)))

    with mock.patch.object(Text, "draw", note):
        pixels(figure)
    return drawn


def clipped(figure):
    """Return the texts that reach out of the picture."""
    width, height = figure.canvas.get_width_height()
    boxes = drawn_texts(figure)
    return [text for text, box in boxes if min(box.x0, box.y0) < 0 or box.x1 > width or box.y1 > height]


def overlapping(figure):
    """Return pairs of texts drawn over each other."""
    boxes = drawn_texts(figure)
    pairs = ((one, other) for i, one in enumerate(boxes) for other in boxes[i + 1 :])
    return [(one[0], other[0]) for one, other in pairs if one[1].overlaps(other[1])]
