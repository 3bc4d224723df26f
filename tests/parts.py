"""Made-up images of parts, for tests that need folders of them."""

import numpy as np
from PIL import Image


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
