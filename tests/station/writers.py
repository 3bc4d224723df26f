"""Writes pictures as cameras and their programs do, good and bad manners alike: run as a process of its own.

    python writers.py FOLDER NAME COUNT SEED [PAUSE]

Prints the SHA-256 of each picture that is a part of its own, one a line.
"""

import hashlib
import io
import os
import random
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image


def encode_picture(seed, *, defect=False, kind="PNG"):
    random_numbers = np.random.default_rng(seed)
    pixels = random_numbers.normal(100, 12, (48, 48, 3)) + np.linspace(0, 80, 48)[:, None]
    if defect:
        pixels[10:40:2] = 255
    content = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(content, kind)
    return content.getvalue()


def write_in_pieces(path, content, chosen):
    """Write half, wait, write the rest."""
    with path.open("wb") as file:
        half = chosen.randrange(1, len(content))
        file.write(content[:half])
        file.flush()
        time.sleep(chosen.choice((0, 0.005, 0.25)))
        file.write(content[half:])


def write_and_rename(path, content, chosen):
    part = path.with_name(path.name + chosen.choice((".tmp", ".part")))
    part.write_bytes(content)
    part.rename(path)


def write_and_rename_later(path, content, chosen):
    """Write it whole under a name of a picture, and give it another while it may be read."""
    early = path.with_name(f"early_{path.name}")
    early.write_bytes(content)
    time.sleep(chosen.choice((0, 0.05, 0.2)))
    try:
        early.rename(path)
    except FileNotFoundError:
        return  # it was judged and moved before


def write_with_done(path, content, _):
    path.write_bytes(content)
    path.with_name(f"{path.name}.done").touch()


def write_out_of_order(path, content, chosen):
    path.write_bytes(content)
    when = time.time() - chosen.randrange(1, 1000)
    os.utime(path, (when, when))


def write_twice(path, content, _):
    """Write it, and a copy with the same time."""
    part, copy = path.with_name(f".{path.name}"), path.with_name(f".copy_{path.name}")
    for each in (part, copy):
        each.write_bytes(content)
    status = part.stat()
    os.utime(copy, ns=(status.st_atime_ns, status.st_mtime_ns))
    part.rename(path)
    copy.rename(path.with_name(f"copy_{path.name}"))


MANNERS = (
    write_in_pieces,
    write_and_rename,
    write_and_rename_later,
    write_with_done,
    write_out_of_order,
    write_twice,
)


def write_all(folder, name, count, seed, pause=0.0):
    chosen = random.Random(seed)
    for number in range(count):
        content = encode_picture(
            (seed, number), defect=number % 5 == 0, kind=chosen.choice(("PNG", "JPEG", "BMP", "TIFF"))
        )
        manner = MANNERS[number % len(MANNERS)]
        ending = {b"\x89P": "png", b"\xff\xd8": "jpg", b"BM": "bmp"}.get(content[:2], "tif")
        manner(folder / f"{name}_{number}.{ending}", content, chosen)
        print(hashlib.sha256(content).hexdigest(), flush=True)
        time.sleep(chosen.random() * pause)


if __name__ == "__main__":
    write_all(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), *map(float, sys.argv[5:]))
