"""Files of every kind the product reads, changed at random: no crash, no hang, flat memory, a reason each.

The decoding runs in a process of its own, so that a crash or a hang of a decoder in C is seen, counted, and
the rest goes on. Told are how the files ended, the slowest, memory before and after, and what came
to stderr. Each file can be made again from its kind, seed and number (`--only KIND:NUMBER`).

    python -m tests.benchmarks.accuracy.fuzz_images --count 10000
"""

from __future__ import annotations

import argparse
import io
import json
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from anomaly_gui.detection.images.decoding.depth import OWN_DEPTH
from anomaly_gui.detection.images.loading import ReadingOptions, decode_small, load_image
from anomaly_gui.errors import ImageRefusedError
from tests.benchmarks.common import command_to_restart, print_table, write_json

_LONGEST = 30.0  # seconds for one file; a hang beyond
_EDGES = (
    0,
    1,
    2,
    3,
    4,
    7,
    8,
    15,
    16,
    0x7F,
    0x80,
    0xFF,
    0x100,
    0x7FFF,
    0x8000,
    0xFFFF,
    2**31 - 1,
    2**31,
    2**32 - 1,
)
_OPTIONS = ReadingOptions((32, 32), pixel_limit=4_000_000, detail=True)
_SETTLED = 200  # files after which memory counts as before


def make_valid_files() -> dict[str, list[bytes]]:
    """Return small whole files of each kind that differ in how their pixels are stored."""
    random = np.random.default_rng(0)
    smooth = Image.fromarray(random.integers(0, 256, (8, 10, 3), np.uint8)).resize((52, 44))
    colour = np.asarray(smooth)
    grey = colour[..., 1].copy()
    wide = grey.astype(np.uint16) * 16
    return {
        "PNG": _make_pngs(smooth, grey, wide),
        "JPEG": _make_jpegs(smooth, wide),
        "BMP": _make_bmps(smooth),
        "TIFF": _make_tiffs(colour, grey, wide),
        "WEBP": [_save_image(smooth, "WEBP", **option) for option in ({}, {"lossless": True})]
        + [
            _save_image(smooth.convert("RGBA"), "WEBP", save_all=True, append_images=[smooth.convert("RGBA")])
        ],
        "GIF": [
            _save_image(smooth, "GIF"),
            _save_image(smooth, "GIF", save_all=True, append_images=[smooth.rotate(90)]),
        ],
        "PNM": _make_pnms(smooth, wide),
        "JPEG 2000": [_save_image(smooth, "JPEG2000"), _save_image(Image.fromarray(wide), "JPEG2000")],
        "AVIF": [_save_image(smooth, "AVIF"), _save_image(smooth.convert("RGBA"), "AVIF")],
    }


def _save_image(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _make_pngs(smooth: Image.Image, grey: np.ndarray, wide: np.ndarray) -> list[bytes]:
    import imagecodecs

    deep = np.stack([wide] * 4, -1)
    modes = [smooth.convert(mode) for mode in ("RGB", "L", "RGBA", "LA", "P", "1")]
    deeper = [
        imagecodecs.png_encode(np.ascontiguousarray(values))
        for values in (wide, deep, deep[..., :3], deep[..., :2])
    ]
    return [
        *(_save_image(image, "PNG") for image in modes),
        *deeper,
        _save_image(Image.fromarray(grey), "PNG"),
    ]


def _make_jpegs(smooth: Image.Image, wide: np.ndarray) -> list[bytes]:
    import imagecodecs

    exif = Image.Exif()
    exif[274] = 6
    plain = [{}, {"progressive": True}, {"exif": exif}, {"keep_rgb": True}, {"restart_marker_rows": 1}]
    rare = [
        imagecodecs.jpeg_encode(wide, bitspersample=12),
        imagecodecs.jpeg_encode(np.asarray(smooth), lossless=True),
        imagecodecs.jpegls_encode(np.asarray(smooth)),
    ]
    images = [smooth, smooth.convert("L"), smooth.convert("CMYK")]
    some = [
        _save_image(image, "JPEG", **option)
        for image in images
        for option in plain
        if image.mode != "L" or option
    ]
    return [*some, *rare, _save_image(smooth, "MPO", save_all=True, append_images=[smooth])]


def _make_bmps(smooth: Image.Image) -> list[bytes]:
    modes = [smooth.convert(mode) for mode in ("RGB", "L", "P", "1", "RGBA")]
    return [_save_image(image, "BMP") for image in modes] + [_save_image(modes[0], "DIB")]


def _make_tiffs(colour: np.ndarray, grey: np.ndarray, wide: np.ndarray) -> list[bytes]:
    ways = [
        None,
        "lzw",
        "zlib",
        "packbits",
        "zstd",
        "lzma",
        "lerc",
        "jpeg2000",
        "png",
        "jpegxl",
        "jpeg",
        "webp",
    ]
    files = []
    for way in ways:
        files += [_make_tiff(colour, photometric="rgb", compression=way)]
        if way not in ("webp", "jpeg"):
            files += [_make_tiff(wide, compression=way), _make_tiff(grey, compression=way, tile=(16, 16))]
    planes = np.moveaxis(colour, -1, 0).copy()
    files += [
        _make_tiff(planes, photometric="rgb", planarconfig="separate"),
        _make_tiff(planes, photometric="rgb", planarconfig="separate", compression="lzw", predictor=True),
        _make_tiff(grey, photometric="miniswhite", rowsperstrip=1),
        _make_tiff(wide, byteorder=">", compression="zlib", predictor=True),
        _make_tiff(grey, bigtiff=True),
        _make_tiff(np.stack([grey] * 4, -1), photometric="rgb", extrasamples=["assocalpha"]),
        _save_image(Image.fromarray(colour).convert("P"), "TIFF"),
        _save_image(Image.fromarray(colour).convert("1"), "TIFF", compression="group4"),
        _save_image(Image.fromarray(colour).convert("CMYK"), "TIFF"),
        _save_image(Image.fromarray(colour), "TIFF", save_all=True, append_images=[Image.fromarray(grey)]),
    ]
    return files


def _make_tiff(values: np.ndarray, **options: object) -> bytes:
    import tifffile

    file = io.BytesIO()
    tifffile.imwrite(file, values, metadata=None, **options)
    return file.getvalue()


def _make_pnms(smooth: Image.Image, wide: np.ndarray) -> list[bytes]:
    height, width = wide.shape
    deep = b"P5 %d %d 4095\n" % (width, height) + wide.astype(">u2").tobytes()
    plain = b"P2 3 2 9\n1 2 3\n4 5 6\n"
    return [*(_save_image(smooth.convert(mode), "PPM") for mode in ("RGB", "L", "1")), deep, plain]


def change_file(valid: bytes, others: list[bytes], random: np.random.Generator) -> bytes:
    """Return a file with one to six random changes, most of them near its start."""
    data = bytearray(valid)
    for _ in range(int(random.choice([1, 1, 1, 2, 2, 3, 6]))):
        at = int(len(data) * random.random() ** int(random.choice([1, 3, 6])))
        kind = int(random.integers(0, 8))
        if kind < 2:
            data[at : at + 1] = random.integers(0, 256, 1, np.uint8).tobytes()
        elif kind < 4:
            width, order = int(random.choice([1, 2, 4])), str(random.choice(["little", "big"]))
            value = int(random.choice(_EDGES)) % (1 << (8 * width))
            data[at : at + width] = value.to_bytes(width, order)  # type: ignore[arg-type]
        elif kind == 4:
            data[at:at] = random.integers(0, 256, int(random.integers(1, 40)), np.uint8).tobytes()
        elif kind == 5:
            del data[at : at + int(random.integers(1, 1 + max(1, len(data) // 4)))]
        elif kind == 6:
            length = int(random.integers(1, 200))
            data[at : at + length] = bytes(length) if random.random() < 0.5 else data[:length]
        else:
            other = others[int(random.integers(len(others)))]
            data[at:] = other[int(len(other) * random.random()) :]
    kept = int(random.choice([0, 4, 8, 12, 26]))  # without its signature, a file is soon refused
    return valid[:kept] + bytes(data[kept:])


def make_changed_file(kind: str, seed: int, number: int, valid: dict[str, list[bytes]]) -> bytes:
    """Return one changed file."""
    random = np.random.default_rng([seed, number, *kind.encode()])
    files = valid[kind]
    data = change_file(files[int(random.integers(len(files)))], files, random)
    return mend_checksums(data) if kind == "PNG" and random.random() < 0.7 else data


def mend_checksums(data: bytes) -> bytes:
    """Mend the checksums of a PNG's chunks, so that its changes are looked at and not only found."""
    mended, at = bytearray(data), 8
    while at + 12 <= len(data):
        end = at + 8 + struct.unpack_from(">L", data, at)[0]
        if end + 4 > len(data):
            break
        struct.pack_into(">L", mended, end, zlib.crc32(data[at + 4 : end]))
        at = end + 4
    return bytes(mended)


def decode_all(kind: str, seed: int, first: int, end: int) -> None:
    """In a process of its own: decode changed files, and say before and after each what is going on."""
    valid, process = make_valid_files(), psutil.Process()
    depths = (16, 12, None, OWN_DEPTH)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.png")
        for number in range(first, end):
            path.write_bytes(make_changed_file(kind, seed, number, valid))
            print(json.dumps({"begins": number}), flush=True)
            began = time.perf_counter()
            try:
                if number % 4:
                    assert load_image(path, _OPTIONS).pixels.shape == (32, 32, 3)
                else:
                    assert max(decode_small(path, 64, 4_000_000, depths[number // 4 % 4]).shape) <= 64
                how = "read"
            except ImageRefusedError as refused:
                assert "; " in refused.reason and "\n" not in refused.reason, refused.reason
                how = "refused"
            took = time.perf_counter() - began
            said = {"ends": number, "how": how, "seconds": took, "rss": process.memory_info().rss}
            print(json.dumps(said), flush=True)


class Run:
    """The files of one kind: decoded in as many processes as it takes."""

    def __init__(self, kind: str, seed: int, count: int) -> None:
        self.kind, self.seed, self.count = kind, seed, count
        self.ends: Counter[str] = Counter()
        self.slowest = 0.0
        self.memory: list[int] = []
        self.failures: list[str] = []
        self.stderr = ""

    def decode_files(self) -> None:
        """Decode all files; after a crash or a hang a new process goes on with the next."""
        first = 0
        while first < self.count:
            first = self._until_it_ends(first)

    def _until_it_ends(self, first: int) -> int:
        command = command_to_restart(__spec__.name, "--child", self.kind, self.seed, first, self.count)
        with tempfile.TemporaryFile() as errors:
            child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
            timer = _Watch(child)
            at = first
            for line in child.stdout or ():
                event = json.loads(line)
                timer.began = time.monotonic() if "begins" in event else None
                at = event.get("begins", at)
                if "ends" in event:
                    self._add(event, event["ends"] - first)
            code = child.wait()
            timer.stop()
            errors.seek(0)
            said = errors.read().decode(errors="replace")
        if code == 0:
            self.stderr += said
            return self.count
        why = "hang" if timer.killed else f"exit code {code}"
        self.ends["hang" if timer.killed else "crash"] += 1
        self.failures.append(f"{self.kind}:{at} {why} {said[-600:]}")
        return at + 1

    def _add(self, event: dict[str, object], since: int) -> None:
        self.ends[str(event["how"])] += 1
        self.slowest = max(self.slowest, float(str(event["seconds"])))
        if since >= _SETTLED:
            self.memory.append(int(str(event["rss"])))


class _Watch:
    """Kills a process that takes too long for one file."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        import threading

        self.began: float | None = None
        self.killed = False
        self._child, self._over = child, threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        """Stop watching."""
        self._over.set()

    def _watch(self) -> None:
        while not self._over.wait(0.5):
            if self.began is not None and time.monotonic() - self.began > _LONGEST:
                self.killed = True
                self._child.kill()
                return


def main() -> None:
    """Fuzz all kinds, and print how it ended."""
    if "--child" in sys.argv:
        kind, *numbers = sys.argv[2:]
        decode_all(kind, *map(int, numbers))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000, help="files of all kinds together")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", nargs="*", help="of " + ", ".join(make_valid_files()))
    parser.add_argument("--only", help="KIND:NUMBER: write that file to stdout")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    if given.only:
        kind, number = given.only.split(":")
        sys.stdout.buffer.write(make_changed_file(kind, given.seed, int(number), make_valid_files()))
        return
    kinds = given.kinds or list(make_valid_files())
    runs = [Run(kind, given.seed, -(-given.count // len(kinds))) for kind in kinds]
    for run in runs:
        run.decode_files()
        print(run.kind, dict(run.ends), f"slowest {run.slowest:.1f} s", *run.failures, sep="\n  ", flush=True)
    write_json(given.json, {run.kind: [dict(run.ends), run.slowest, run.memory[::50]] for run in runs})
    print_table(
        f"{sum(run.count for run in runs):,} changed files, seed {given.seed}",
        (
            "",
            "read",
            "refused",
            "crashes",
            "hangs",
            "slowest, s",
            "memory before / after / most, MB",
            "on stderr",
        ),
        [_row(run) for run in runs],
    )


def _row(run: Run) -> tuple[str, ...]:
    megabytes = [value / 1e6 for value in run.memory] or [0.0]
    memory = f"{megabytes[0]:.0f} / {megabytes[-1]:.0f} / {max(megabytes):.0f}"
    ends = (str(run.ends[how]) for how in ("read", "refused", "crash", "hang"))
    return (run.kind, *ends, f"{run.slowest:.1f}", memory, run.stderr.strip()[:60] or "nothing")


if __name__ == "__main__":
    main()
