import logging
import os
import subprocess
import sys
import warnings

import pytest
from pictures import pixels
from PIL import Image

from anomaly_gui.errors import UserError
from anomaly_gui.figures import NamedThreshold, ScatterData, draw_scatter, save_figure
from anomaly_gui.figures.canvas import make_figure, set_up_drawing

SMALL = ScatterData([-1.0, -2.0], ["normal", "anomalous"], [NamedThreshold("manual", -1.5)])


def test_png_is_written_at_150_dots_per_inch(tmp_path):
    save_figure(draw_scatter(SMALL), tmp_path / "größe.png")
    with Image.open(tmp_path / "größe.png") as picture:
        assert picture.format == "PNG" and picture.size == (1350, 825)
        assert picture.info["dpi"] == pytest.approx((150, 150), abs=0.1)
        assert "Software" not in picture.info


def test_svg_is_written_where_the_name_says_so(tmp_path):
    save_figure(draw_scatter(SMALL), tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text("utf-8")
    assert text.startswith("<?xml")
    assert "Matplotlib" not in text.split("<defs>")[0]


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_same_data_give_the_same_bytes(tmp_path, kind):
    paths = [tmp_path / f"one.{kind}", tmp_path / f"two.{kind}"]
    for path in paths:
        save_figure(draw_scatter(SMALL), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_settings_of_the_user_change_nothing_and_are_put_back():
    import matplotlib

    expected = pixels(draw_scatter(SMALL))
    logger = logging.getLogger("matplotlib")
    with matplotlib.rc_context({"axes.facecolor": "red", "font.size": 30, "text.color": "green"}):
        assert (pixels(draw_scatter(SMALL)) == expected).all()
        assert matplotlib.rcParams["font.size"] == 30
    assert logger.level == logging.NOTSET or logger.level < logging.ERROR


def test_unwritable_place_is_the_users_error(tmp_path):
    with pytest.raises(UserError, match=r"nowhere.*cannot be written"):
        save_figure(draw_scatter(SMALL), tmp_path / "nowhere" / "scatter.png")
    assert list(tmp_path.iterdir()) == []


def test_names_in_any_script_and_with_dollars_are_drawn_quietly(tmp_path):
    names = ["部品 <&>", "costs $5 and $6", "a\\b_c^d", "🙂"]
    case = ScatterData([-1.0], ["normal"], [NamedThreshold(name, -2.0) for name in names], "部品 $x$")
    with warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        save_figure(draw_scatter(case), tmp_path / "scatter.png")
    assert not remarks


def test_figure_has_a_canvas_without_a_window():
    with set_up_drawing():
        figure = make_figure(2, 1)
    assert pixels(figure).shape == (100, 200, 3)


SCRIPT = """
import sys
import anomaly_gui.figures as figures
assert not [name for name in sys.modules if name.split(".")[0] in ("matplotlib", "scipy", "sklearn", "PIL")]
from pathlib import Path
data = figures.ScatterData([-1.0], ["normal"])
figures.save_figure(figures.draw_scatter(data), Path(sys.argv[1]))
assert "matplotlib.pyplot" not in sys.modules
"""


def test_nothing_is_printed_without_a_writable_home_or_a_font_cache(tmp_path):
    """Run in a fresh interpreter; a file in place of the home folder stops the superuser too."""
    home = tmp_path / "home"
    home.write_bytes(b"")
    hidden = ("MPLCONFIGDIR", "MPLBACKEND", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    environment |= {"HOME": str(home), "USERPROFILE": str(home), "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "scatter.png")]
    result = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert (tmp_path / "scatter.png").stat().st_size > 1000
