"""The commands as a Chinese user reads them: LANG=zh_CN.UTF-8, and nothing else is different."""

import csv
import json
import os
import re

import numpy as np
import pytest
from command_line import SETTINGS, run_alone
from parts import save_parts
from PIL import Image

TRAIN = ("train", ".", "--out")
ENGLISH = re.compile(r"[A-Za-z]{2,}[,;:]? [a-z]{2,}[,;:]? [a-z]{2,}")  # three words in a row


def run_chinese(*arguments, **environment):
    """Run a command in a process of its own, whose system speaks Chinese."""
    variables = {name: value for name, value in os.environ.items() if name not in ("LANGUAGE", "LC_ALL")}
    variables |= {"LANG": "zh_CN.UTF-8", "PYTHONUTF8": "1", "COLUMNS": "160", **environment}
    return run_alone(*arguments, env=variables, encoding="utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Folders of parts, and a model of them made by the command."""
    place = tmp_path_factory.mktemp("chinese")
    good = save_parts(place / "good", 24, 0, name="零件")
    (good / "copy.png").write_bytes((good / "零件_3.png").read_bytes())
    (good / "notes.txt").write_text("notes")
    (good / "NG").mkdir()
    (good / "NG" / "black.png").write_bytes((good / "零件_3.png").read_bytes())
    Image.fromarray(np.zeros((64, 64, 3), np.uint8)).save(good / "black.png")
    (good / "empty.png").write_bytes(b"")
    save_parts(place / "unseen", 12, 1, name="零件")
    save_parts(place / "bent", 5, 2, defect=True, name="零件")
    files = ("--out", place / "m.anomaly", "--json", place / "train.json")
    made = run_chinese("train", good, *files, "--group-by", "none", *SETTINGS)
    (place / "train.txt").write_text(made.stdout + made.stderr, "utf-8")
    assert made.returncode == 3, made.stderr
    return place


def assert_chinese(said):
    assert not ENGLISH.search(said), said
    assert re.search("[\u4e00-\u9fff]", said)


def test_train_tells_in_chinese_what_it_did(place):
    said = (place / "train.txt").read_text("utf-8")
    assert_chinese(said)
    assert re.search(r"从 24 幅图像、24 个零件学习（按要求视为互不相关）。", said)
    assert "阈值 " in said and "规则 false-alarm-rate 10%，来自：训练图像的留出得分。" in said
    assert re.search(r"预计：每 100 个合格品中约有 \d+ 个会被拒绝，介于 \d+ 与 \d+ 之间。", said)
    assert "因与其他合格品图像不同而排除（--suspects keep 则会学习它们）：1。" in said
    assert "black.png：全黑" in said
    assert "empty.png：是空文件；请重新复制" in said
    assert "不学习：NG（1 幅图像），因为从名称看它们不是可学习的合格品；要使用它们，请单独给出。" in said


def test_names_and_keys_of_json_stay_english(place):
    result = json.loads((place / "train.json").read_text("utf-8"))
    assert (result["rule"], result["grouped_by"]) == ("false-alarm-rate", "taken to be independent, as asked")
    assert result["threshold_from"] == "held-out scores of the training images"
    assert [one["reason"] for one in result["unreadable"]] == ["是空文件；请重新复制"]
    assert result["suspects"][0]["reason"] == "全黑"


def test_a_model_tells_of_itself_in_the_language_of_who_asks(place):
    """What it keeps in words is English, whoever trained it."""
    chinese, english = run_chinese("info", place / "m.anomaly"), run_alone("info", place / "m.anomaly")
    assert_chinese(chinese.stdout)
    assert "学习图像      24 幅图像，24 个零件（按要求视为互不相关）" in chinese.stdout
    assert "black.png：全黑" in chinese.stdout
    assert "24 images of 24 parts (taken to be independent, as asked)" in english.stdout
    assert "black.png: is all black" in english.stdout
    assert not re.search("[\u4e00-\u9fff]", english.stdout.replace("零件", ""))


def test_score_tells_in_chinese_and_writes_english_verdicts(place, tmp_path):
    files = ("--csv", tmp_path / "s.csv", "--json", tmp_path / "s.json")
    ran = run_chinese("score", place / "m.anomaly", place / "unseen", place / "bent", place / "good", *files)
    assert ran.returncode == 3
    assert_chinese(ran.stdout + ran.stderr)
    assert re.search(r"合格：\d+、不合格：\d+、待定：0、无法判定：\d。", ran.stdout)
    assert re.search(r"^不合格 .*bent", ran.stdout, re.MULTILINE)
    assert "无法判定（1）：" in ran.stderr
    with (tmp_path / "s.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["path", "score", "verdict", "reason", "relative_score"]
    assert {row["verdict"] for row in rows} == {"good", "defect", "cannot judge"}
    images = json.loads((tmp_path / "s.json").read_text("utf-8"))["images"]
    assert {image["verdict"] for image in images} == {"good", "defect", "cannot judge"}


def test_columns_stand_below_each_other(place):
    """A Chinese letter is as wide as two others."""
    ran = run_chinese("info", place / "m.anomaly")
    starts = {"检测器        pooled", "图像尺寸      长边", "制作软件      "}
    assert all(any(line.startswith(start) for line in ran.stdout.splitlines()) for start in starts)


def test_evaluate_tells_in_chinese(place, tmp_path):
    ran = run_chinese(
        "evaluate", place / "m.anomaly", "--normal", place / "unseen", "--anomalous", place / "bent",
        "--plots", tmp_path / "plots",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert_chinese(ran.stdout + ran.stderr)
    assert re.search(r"^误报          \d+ / 12（[\d.]+%；[\d.]+% 至 [\d.]+%）$", ran.stdout, re.MULTILINE)
    assert re.search(r"^漏检          0 / 5", ran.stdout, re.MULTILINE)
    assert (tmp_path / "plots" / "failures.png").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("score", "none.anomaly", "."), "none.anomaly 不存在：请检查名称。"),
        ((*TRAIN, "no/m.anomaly"), "无法保存 no/m.anomaly，其文件夹不存在：请创建它或另选一个。"),
        ((*TRAIN, "m.anomaly", "--pixel-limit", "0"), "--pixel-limit 不能是 0：请取 1 到 inf。"),
        (("train", "empty", "--out", "m.anomaly"), "empty 中没有图像：请选择有图像的文件夹。"),
        ((*TRAIN, "m.anomaly", "--rule", "best-f1"), "需要已知缺陷：请给出其文件夹 (--anomalous)。"),
        (("evaluate", "m.anomaly"), "请同时给出 --normal DIR 和 --anomalous DIR，或给出 --mvtec DIR。"),
        (("score",), "缺少参数 'M.anomaly'。"),
        (("scroe",), "没有此命令：'scroe'"),
        (("score", "--thr", "1", "a", "b"), "没有此选项：--thr"),
        (TRAIN, "选项 '--out' 需要一个值。"),
        (("bench", "--rounds", "0"), "'--rounds' 的值无效："),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_chinese(tmp_path, monkeypatch, arguments, said):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    ran = run_chinese(*arguments)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert ran.stdout == ""


@pytest.mark.parametrize(
    "command", ["train", "update", "score", "evaluate", "compare", "info", "bench", "cache"]
)
def test_help_is_in_chinese(command):
    ran = run_chinese(command, "--help")
    assert ran.returncode == 0
    assert_chinese(ran.stdout)
    assert "用法：" in ran.stdout and "选项" in ran.stdout and "显示本说明并退出。" in ran.stdout
    assert "…" not in ran.stdout


def test_help_lists_commands_in_chinese():
    ran = run_chinese("--help")
    assert_chinese(ran.stdout)
    assert "从合格品图像的文件夹学习合格品的样子。" in ran.stdout


def test_language_outranks_lang(place):
    ran = run_chinese("info", place / "m.anomaly", LANGUAGE="en")
    assert "learned from" in ran.stdout
