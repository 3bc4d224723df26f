"""The catalogues of the window are as new as its sources, complete, and keep what a text is made of."""

import re
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))  # as when translations.py runs as a script
import translations

CATALOGUES = {path.stem.removeprefix("anomaly_gui_"): path for path in translations.list_window_catalogues()}
LANGUAGES = pytest.mark.parametrize("language", CATALOGUES)
UPDATE = "run packaging/translations.py, and translate what is new"
PLACEHOLDER = re.compile(r"%(?:L?\d|L?n)|\{\w*\}")
TAG = re.compile(r"</?\w+[^>]*>")
SHORTCUT = re.compile(r"&(\w)")
HAN = "\u4e00-\u9fff"
FORMS = {"en": 2, "zh_CN": 1}
"""How many forms of a count a language has."""


@dataclass(frozen=True)
class Text:
    context: str
    source: str
    comment: str
    is_count: bool
    said: tuple[str, ...]

    @property
    def key(self):
        return self.context, self.source, self.comment, self.is_count


def read_texts(path):
    texts = []
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            forms = translation.findall("numerusform") or [translation]
            texts.append(
                Text(
                    context.findtext("name"),
                    message.findtext("source"),
                    message.findtext("comment") or "",
                    message.get("numerus") == "yes",
                    tuple(form.text or "" for form in forms),
                )
            )
    return texts


@pytest.fixture(scope="module")
def texts():
    return {language: read_texts(path) for language, path in CATALOGUES.items()}


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """All texts of the window as they are in its sources now."""
    path = tmp_path_factory.mktemp("collected") / "anomaly_gui_zh_CN.ts"
    translations.collect(path)
    return {text.key for text in read_texts(path)}


def test_there_are_english_and_chinese():
    assert set(FORMS) <= set(CATALOGUES)


@LANGUAGES
def test_no_catalogue_is_stale(texts, collected, language):
    assert {text.key for text in texts[language]} == collected, UPDATE
    assert len(texts[language]) == len(collected) > 600


@LANGUAGES
def test_no_catalogue_is_unfinished(language):
    assert translations.find_unfinished(CATALOGUES[language]) == [], UPDATE


@LANGUAGES
def test_what_is_shipped_is_what_is_written(tmp_path, language):
    compiled = tmp_path / "made.qm"
    translations.compile_window_catalogue(CATALOGUES[language], compiled)
    assert compiled.read_bytes() == CATALOGUES[language].with_suffix(".qm").read_bytes(), UPDATE


@LANGUAGES
def test_counts_have_the_forms_of_their_language(texts, language):
    found = {len(text.said) for text in texts[language] if text.is_count}
    assert found == {FORMS.get(language, 2)}


@LANGUAGES
def test_translations_are_put_together_of_the_same(texts, language):
    """Placeholders (as often as in the source), tags, shortcuts, breaks, and how it begins and ends."""
    wrong = [
        (find.__name__, text.source, said)
        for text in texts[language]
        for said in text.said
        for find in (
            list_placeholders,
            list_tags,
            list_shortcuts,
            count_breaks,
            find_end,
            find_beginning,
        )
        if find(text.source) != find(said)
    ]
    assert wrong == []


def list_placeholders(text):
    return Counter(PLACEHOLDER.findall(text))


def list_tags(text):
    return Counter(TAG.findall(text))


def list_shortcuts(text):
    """Letters that are unique in a menu, or in a row of buttons, stay so in every language."""
    return [letter.upper() for letter in SHORTCUT.findall(text)]


def count_breaks(text):
    return text.count("\n")


def find_end(text):
    """Return the mark at the end: a sentence stays one, and what asks for more says so."""
    chinese = {"。": ".", "：": ":", "？": "?", "！": "!"}
    end = text.rstrip()[-1]
    return chinese.get(end, end) if end in ".:?!…。：？！" else ""


def find_beginning(text):
    return text[: len(text) - len(text.lstrip())]


def test_chinese_shortcuts_stand_behind_the_words(texts):
    with_keys = [text.said[0] for text in texts["zh_CN"] if SHORTCUT.search(text.source)]
    assert len(with_keys) > 8
    assert [said for said in with_keys if not re.search(r"[^(]\(&[A-Z]\)[…：]?$", said)] == []


def test_chinese_is_set_as_chinese_is(texts):
    """Full-width marks beside Chinese letters, and a space between them and Latin ones."""
    narrow = rf"[{HAN}][,;:!?]|[{HAN}]\.(?!\.)"
    joined = rf"[{HAN}][A-Za-z0-9]|[A-Za-z0-9%][{HAN}]"
    spaced = rf"[{HAN}] [{HAN}]|[，。：；？（）] | [，。：；？（）]"
    bad = re.compile(f"{narrow}|{joined}|{spaced}")
    wrong = [
        said
        for text in texts["zh_CN"]
        for said in text.said
        if bad.search(PLACEHOLDER.sub("\N{OBJECT REPLACEMENT CHARACTER}", said))
    ]
    assert wrong == []


def test_chinese_has_no_english_sentence(texts):
    """What is the same in both languages are names, and nothing else."""
    same = {text.source for text in texts["zh_CN"] if text.said == (text.source,)}
    assert same == {"AUROC", "MB", "PIN"}
