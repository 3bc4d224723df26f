"""Every kind of bad file we could name is refused with its reason, in little time and memory."""

import re
import subprocess
import sys
import time

import pytest
from bad_images import DAMAGED, EARLY, GOOD, REFUSED, STARTS, bytes_of, check_reason, many_pages
from PIL import Image

from anomaly_gui.detection.images.loading import ReadingOptions, load_image
from anomaly_gui.errors import ImageRefusedError

OPTIONS = ReadingOptions((32, 32))
FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "WEBP")


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_bad_content_is_refused_with_a_reason(tmp_path, kind, ending):
    path = tmp_path / f"部品.{ending}"
    content, reason = REFUSED[kind]
    path.write_bytes(content)
    with pytest.raises(ImageRefusedError, match=reason) as refused:
        load_image(path, OPTIONS)
    check_reason(refused.value, path)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.97])
def test_cut_files_are_refused(tmp_path, kind, share):
    whole, path = bytes_of(kind), tmp_path / "a.png"
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ImageRefusedError, match=f"{EARLY}|{DAMAGED}|{STARTS}") as refused:
        load_image(path, OPTIONS)
    check_reason(refused.value, path)


@pytest.mark.parametrize("kind", GOOD)
def test_unusual_content_is_read(tmp_path, kind):
    path = tmp_path / "a.png"
    path.write_bytes(GOOD[kind])
    assert load_image(path, OPTIONS).pixels.shape == (32, 32, 3)


def test_frames_are_counted_in_little_time(tmp_path):
    path = tmp_path / "a.tif"
    path.write_bytes(many_pages(3))
    assert load_image(path, OPTIONS).record.notes == ("has 3 frames; the first is used and is blank",)
    path.write_bytes(many_pages(100_000))  # Pillow's own count takes minutes
    began = time.monotonic()
    assert load_image(path, OPTIONS).record.notes == (
        "has 1000 frames or more; the first is used and is blank",
    )
    assert time.monotonic() - began < 10


_PEAK = """
import sys
from pathlib import Path
from anomaly_gui.detection.images.loading import ReadingOptions, load_image
from anomaly_gui.errors import ImageRefusedError
for path in map(Path, sys.argv[1:]):
    try:
        load_image(path, ReadingOptions())
    except ImageRefusedError as refused:
        print(refused.reason)
status = Path("/proc/self/status").read_text().split()
print(int(status[status.index("VmHWM:") + 1]) // 1024)
"""


def _reasons_and_peak(*paths):
    """Return why each of the images is refused in a fresh process, and the memory that took, in MB."""
    command = [sys.executable, "-c", _PEAK, *map(str, paths)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return said[:-1], int(said[-1])


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does, and needs a sparse file")
def test_a_file_of_many_gigabytes_is_not_read_into_memory(tmp_path):
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.write(bytes_of("PNG"))
        file.truncate(20 << 30)
    (reason,), peak = _reasons_and_peak(path)
    assert peak < 300
    assert "too many for an image" in reason


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
def test_small_files_that_would_grow_stay_small(tmp_path):
    kinds = [kind for kind in REFUSED if re.search(r"megapixels|100 MB|largest|tiles|colours", kind)]
    for kind in kinds:
        (tmp_path / f"{kind}.png").write_bytes(REFUSED[kind][0])
    reasons, peak = _reasons_and_peak(*(tmp_path / f"{kind}.png" for kind in kinds))
    assert len(reasons) == len(kinds) >= 10
    assert peak < 300


_SHORT_OF_MEMORY = """
import resource, sys
from pathlib import Path
from anomaly_gui.detection.images.loading import ReadingOptions, decode_full, decode_small, load_image
from anomaly_gui.errors import ImageRefusedError
path = Path(sys.argv[1])
more_of = {load_image: [ReadingOptions()], decode_full: [], decode_small: [96]}
status = Path("/proc/self/status").read_text().split()
used = int(status[status.index("VmSize:") + 1]) * 1024
for more in range(0, 150_000_000, 15_000_000):
    resource.setrlimit(resource.RLIMIT_AS, (used + more, -1))
    for read in (load_image, decode_full, decode_small):
        try:
            read(path, *more_of[read])
            print("read")
        except ImageRefusedError as refused:
            print(refused.reason)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
def test_too_little_memory_is_a_reason(tmp_path):
    path = tmp_path / "a.png"
    Image.new("L", (4000, 3000)).save(path)
    command = [sys.executable, "-c", _SHORT_OF_MEMORY, str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    short = "needs more memory than there is; close other programs, or make the image smaller"
    assert set(said) == {"read", short}
