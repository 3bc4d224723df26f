"""Catalogues are complete, as new as the sources, and say the same as the English sentences."""

import re
import string
import sys
from pathlib import Path

import pytest

from anomaly_gui.language import list_languages
from anomaly_gui.paths import resource

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))  # as when translations.py runs as a script
import sentences

CATALOGUES = {path.parent.parent.name: path for path in sentences.list_catalogues()}
LANGUAGES = pytest.mark.parametrize("language", CATALOGUES)
UPDATE = "run packaging/translations.py, and translate what is new"


@pytest.fixture(scope="module")
def found():
    return sentences.collect_sentences()


@pytest.fixture(scope="module")
def catalogues():
    return {language: sentences.read_catalogue(path) for language, path in CATALOGUES.items()}


def ids_of(catalogue):
    return {(message.id, message.context) for message in catalogue if message.id}


def forms_of(text):
    return text if isinstance(text, tuple) else (text,)


def placeholders_of(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def patterns_of(text):
    """Return what a text does with its values: {count:,} is not {count}."""
    return {(name, spec, how) for _, name, spec, how in string.Formatter().parse(text) if name}


def is_pattern(text):
    return "\\" in text


def test_languages_are_those_of_the_catalogues():
    assert set(list_languages()) == {"en", *CATALOGUES}
    assert "zh_CN" in CATALOGUES


def test_sentences_are_found(found):
    ids = {id_ for id_, _ in ids_of(found)}
    assert len(ids) > 700
    assert {"{path}: {reason}", "Pixel limit", "Larger images are refused.", "The model that judges."} <= ids
    assert any(str(id_).startswith("Judges the image as a whole.") for id_ in ids)


@LANGUAGES
def test_no_catalogue_is_stale(found, catalogues, language):
    assert ids_of(catalogues[language]) == ids_of(found), UPDATE
    assert not catalogues[language].obsolete, UPDATE


@LANGUAGES
def test_no_catalogue_is_unfinished(catalogues, language):
    assert sentences.count_untranslated(catalogues[language]) == 0
    assert not [message.id for message in catalogues[language] if message.id and message.fuzzy]


@LANGUAGES
def test_what_is_shipped_is_what_is_written(catalogues, language):
    shipped = CATALOGUES[language].with_suffix(".mo").read_bytes()
    assert shipped == sentences.compile_catalogue(catalogues[language]), UPDATE
    assert resource("translations", language, "LC_MESSAGES", "anomaly_gui.mo").read_bytes() == shipped


@LANGUAGES
def test_translations_have_the_placeholders_of_their_sentences(catalogues, language):
    for message in catalogues[language]:
        if not message.id or is_pattern(forms_of(message.id)[0]):
            continue
        wanted = set().union(*map(placeholders_of, forms_of(message.id)))
        for translation in forms_of(message.string):
            assert placeholders_of(translation) == wanted, message.id
            if not message.context:  # what is kept has its values as text
                known = set().union(*map(patterns_of, forms_of(message.id)))
                assert patterns_of(translation) <= known, message.id


@LANGUAGES
def test_translations_begin_and_end_as_their_sentences(catalogues, language):
    for message in catalogues[language]:
        text, translation = forms_of(message.id)[0], forms_of(message.string)[0]
        if not text or is_pattern(text):
            continue
        lead = text[: len(text) - len(text.lstrip())]
        assert translation.startswith(lead), message.id
        assert (text[-1] == ".") == (translation[-1] in ".。"), (message.id, translation)


@LANGUAGES
def test_patterns_of_sentences_have_the_same_groups(catalogues, language):
    patterns = [one for one in catalogues[language] if one.id and is_pattern(forms_of(one.id)[0])]
    assert len(patterns) == 3
    for message in patterns:
        if "(?" in message.id:
            assert re.compile(message.string).groups == re.compile(message.id).groups


def test_chinese_is_set_as_chinese_is(catalogues):
    """Full-width marks between Chinese letters, and a space between them and Latin ones."""
    han = "\u4e00-\u9fff"
    bad = re.compile(rf"[{han}][,;:!?]|[{han}]\.(?!\.)|[{han}][A-Za-z0-9{{]|[A-Za-z0-9}}][{han}]")
    wrong = [
        translation
        for message in catalogues["zh_CN"]
        if message.id and not is_pattern(forms_of(message.id)[0])
        for translation in forms_of(message.string)
        if bad.search(without_words(translation))
    ]
    assert wrong == []


def without_words(translation):
    """Take away placeholders that stand for Chinese words, which need no space."""
    return re.sub(r"\{[^{}]*\}", "", translation.replace("--", " --"))


def test_a_language_begins_with_an_empty_file(found, tmp_path):
    path = tmp_path / "de" / "LC_MESSAGES" / "anomaly_gui.po"
    path.parent.mkdir(parents=True)
    path.touch()
    catalogue = sentences.update_catalogue(path, found)
    assert ids_of(catalogue) == ids_of(found)
    assert sentences.count_untranslated(catalogue) == len(ids_of(found))
    assert path.with_suffix(".mo").exists()
    before = path.read_bytes()
    sentences.update_catalogue(path, found)
    assert path.read_bytes() == before
