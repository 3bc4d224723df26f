"""Made-up images of parts, for tests that need folders of them."""

import numpy as np
from PIL import Image, ImageDraw

FINE = 3


SHAFT = ((-0.3, -0.05), (0.1, -0.05), (0.1, -0.13), (0.32, 0), (0.1, 0.13), (0.1, 0.05), (-0.3, 0.05))


DOT = (-0.2, 0.14)  # beside the shaft: the arrow's mirror image is another one


def place_on_arrow(point, direction, shift, size):
    """Return where a point of the arrow lies in the image, in pixels."""
    x, y = point
    turned = np.array(
        [np.cos(direction) * x - np.sin(direction) * y, np.sin(direction) * x + np.cos(direction) * y]
    )
    return np.array(size) / 2 + np.array(shift) * max(size) + turned * min(size)


def save_parts(folder, count, seed=0, *, defect=False, name="part"):
    """Save so many noisy images with a gradient, defects with bright lines across, and return the folder."""
    random = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        pixels = random.normal(100, 12, (48, 48, 3)) + np.linspace(0, 80, 48)[:, None]
        if defect:
            pixels[10:40:2] = 255
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(folder / f"{name}_{index}.png")
    return folder


def arrow(direction, shift=(0.0, 0.0), size=(240, 240), seed=0, marked=None):
    """Return a noisy arrow with a dot, (height, width, 3) uint8, and a black spot at a place if one is told.

    `direction` is in radians from right to down; `shift` in shares of the longer side.
    """
    picture = Image.new("L", (FINE * size[0], FINE * size[1]), 40)
    draw = ImageDraw.Draw(picture)
    draw.polygon([tuple(FINE * place_on_arrow(point, direction, shift, size)) for point in SHAFT], fill=190)
    for point, radius, grey in ((DOT, 0.05, 230), (marked, 0.03, 0)):
        if point is not None:
            x, y = FINE * place_on_arrow(point, direction, shift, size)
            reach = FINE * radius * min(size)
            draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=grey)
    grey = np.asarray(picture.resize(size, Image.Resampling.BOX), float)
    noisy = grey + np.random.default_rng(seed).normal(0, 4, grey.shape)
    return np.repeat(noisy.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)


HOOK = ((-0.3, -0.06), (0.3, -0.06), (0.3, 0.16), (0.19, 0.16), (0.19, 0.05), (-0.3, 0.05))
"""An L that is no mirror image of itself; the middle of its longer bar is (0, 0)."""


def draw_hooks(poses, size=(160, 160), *, slope=0.0, seed=0, marked=None, reach=1.0):
    """Return hooks on a plain grey ground, (height, width, 3) uint8.

    Parameters
    ----------
    poses : (direction, x, y, mirrored) each: radians from right to down, where the hook's (0, 0) lies in
        shares of width and height, and whether it lies on its other face
    slope : how much darker the ground, and all on it, is at the right edge than at the left
    marked : a place on the first hook where there is a black spot
    reach : how large a hook is
    """
    picture = Image.new("L", (FINE * size[0], FINE * size[1]), 170)
    draw = ImageDraw.Draw(picture)
    for pose in poses:
        corners = [tuple(FINE * place_on_hook(corner, pose, size, reach)) for corner in HOOK]
        draw.polygon(corners, fill=70)
    if marked is not None:
        x, y = FINE * place_on_hook(marked, poses[0], size, reach)
        spot = FINE * 0.03 * reach * min(size)
        draw.ellipse((x - spot, y - spot, x + spot, y + spot), fill=5)
    grey = np.asarray(picture.resize(size, Image.Resampling.BOX), float)
    grey = grey * (1 - slope * np.linspace(0, 1, size[0]))
    noisy = grey + np.random.default_rng(seed).normal(0, 2, grey.shape)
    return np.repeat(noisy.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)


def place_on_hook(point, pose, size, reach=1.0):
    """Return where a point of a hook lies in the image, in pixels; poses as in `draw_hooks`."""
    direction, x, y, mirrored = pose
    u, v = point[0], -point[1] if mirrored else point[1]
    turned = np.array(
        [np.cos(direction) * u - np.sin(direction) * v, np.sin(direction) * u + np.cos(direction) * v]
    )
    return np.array([x * size[0], y * size[1]]) + turned * reach * min(size)


def scatter_hook(rng, mirrored=False):
    """Return how a hook lies, in any direction near the middle."""
    return (float(rng.uniform(0, 2 * np.pi)), *map(float, rng.uniform(0.44, 0.56, 2)), mirrored)
