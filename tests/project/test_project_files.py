"""The folder of a project: what is written comes back, and what is wrong with it is one sentence."""

import json
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from anomaly_gui.errors import UserError
from anomaly_gui.project.document import Corrected, ModelEntry, ProjectDocument
from anomaly_gui.project.document_file import VERSION, ProjectFileError, read_document, write_document
from anomaly_gui.project.folder import ProjectFolder, copy_project, find_journal, make_project
from anomaly_gui.project.image_paths import ImagePaths
from anomaly_gui.project.journal_file import add_events, read_events, write_events
from anomaly_gui.project.kept_file import wait_for_disk

PLACE = Path("/parts/caps.anomalyproj")
TEXTS = some.text(max_size=12)
PIECES = some.text(
    some.characters(exclude_characters="/\\\0", exclude_categories=["Cs"]), min_size=1, max_size=8
)
PATHS = some.lists(PIECES.filter(lambda name: name not in (".", "..")), min_size=1, max_size=3).flatmap(
    lambda names: some.sampled_from([Path("/parts", *names), Path("/far away", *names), Path("/", *names)])
)
FILES = some.lists(PATHS, max_size=3).map(tuple)
JSON = some.recursive(
    some.none() | some.booleans() | some.integers(-9, 9) | some.floats(-9, 9) | TEXTS,
    lambda inside: some.lists(inside, max_size=2) | some.dictionaries(TEXTS, inside, max_size=2),
    max_leaves=4,
)
VALUES = some.dictionaries(TEXTS, JSON, max_size=3)
NAMES = some.text(string.digits, min_size=4, max_size=4)
MODELS = some.lists(
    some.builds(
        ModelEntry, NAMES, TEXTS, TEXTS, TEXTS, TEXTS, some.integers(0), some.integers(0), some.none(), TEXTS
    ),
    max_size=3,
    unique_by=lambda entry: entry.name,
).map(tuple)
DOCUMENTS = some.builds(
    ProjectDocument,
    name=TEXTS,
    good=FILES,
    calibration=FILES,
    defects=FILES,
    region=some.lists(VALUES, max_size=2).map(tuple),
    settings=VALUES,
    answers=VALUES,
    corrected=some.builds(Corrected, FILES, FILES, FILES),
    models=MODELS,
    more=VALUES,
)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("document") / "project.json"


@pytest.fixture(autouse=True)
def settled():
    """What a test wrote is on the disk before the next one damages it."""
    yield
    wait_for_disk()


@settings(max_examples=40)  # each is written to the disk
@given(document=DOCUMENTS, data=some.data())
def test_a_document_comes_back_as_it_was_written(file, document, data):
    current = data.draw(some.sampled_from([None, *(entry.name for entry in document.models)]))
    document = ProjectDocument(**{**vars(document), "current": current})
    write_document(file, document, ImagePaths(PLACE))
    assert read_document(file, ImagePaths(PLACE)) == document


def test_images_beside_the_project_move_with_it_and_others_stay(file):
    document = ProjectDocument(good=(Path("/parts/good"), Path("/camera/good")))
    write_document(file, document, ImagePaths(PLACE))
    moved = read_document(file, ImagePaths(Path("/usb/caps.anomalyproj")))
    assert moved.good == (Path("/usb/good"), Path("/camera/good"))


@given(content=some.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_stands_in_the_file_is_refused_in_one_sentence(file, content):
    file.write_bytes(content)
    _check_refused(file)


@settings(max_examples=40)  # each is written to the disk
@given(document=DOCUMENTS, data=some.data())
def test_a_document_with_a_value_of_another_kind_is_refused(file, document, data):
    write_document(file, document, ImagePaths(PLACE))
    content = json.loads(file.read_bytes())
    name = data.draw(some.sampled_from([name for name in content if name != "current"]))
    content[name] = None
    file.write_text(json.dumps(content))
    _check_refused(file)


def _check_refused(file):
    with pytest.raises(ProjectFileError) as refused:
        read_document(file, ImagePaths(PLACE))
    said = str(refused.value)
    assert str(file.parent) in said and said.endswith(".") and "\n" not in said


def test_a_later_version_is_named(file):
    write_document(file, ProjectDocument(), ImagePaths(PLACE))
    content = json.loads(file.read_bytes())
    file.write_text(json.dumps({**content, "version": VERSION + 1, "good": 7}))
    with pytest.raises(
        ProjectFileError, match=f"later version of Anomaly GUI .{VERSION + 1}; this one reads"
    ):
        read_document(file, ImagePaths(PLACE))


@pytest.mark.parametrize("name", ["../../x", "", "a/b"])
def test_a_model_cannot_lie_elsewhere(file, name):
    entry = ModelEntry(name, "", "", "trained", "pooled", 3)
    write_document(file, ProjectDocument(models=(entry,)), ImagePaths(PLACE))
    _check_refused(file)


def test_a_folder_that_is_no_project_is_named(tmp_path):
    with pytest.raises(ProjectFileError, match="is not a project"):
        ProjectFolder(tmp_path).read()
    with pytest.raises(ProjectFileError, match="is not there"):
        ProjectFolder(tmp_path / "gone").read()


EVENTS = some.lists(some.dictionaries(TEXTS, JSON, max_size=2), max_size=5)


@settings(max_examples=40)
@given(first=EVENTS, second=EVENTS, torn=some.integers(0, 30))
def test_a_torn_line_of_a_journal_costs_only_itself(file, first, second, torn):
    write_events(file, first)
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"rows": [["/parts/good/1.png", -3.25'[:torn])
    add_events(file, second)
    assert list(read_events(file)) == [*first, *second]


def test_a_journal_that_cannot_be_written_anew_stays(tmp_path):
    file = tmp_path / "0001.jsonl"
    write_events(file, [{"a": 1}])
    with pytest.raises(TypeError):
        write_events(file, [{"b": 2}, {"c": object()}])
    assert list(read_events(file)) == [{"a": 1}]
    wait_for_disk()
    assert list(tmp_path.iterdir()) == [file]


@pytest.fixture
def project(tmp_path):
    """A project with a model, a journal, a copy put aside, and images beside it."""
    place = tmp_path / "line 1" / "caps.anomalyproj"
    folder = make_project(place, ProjectDocument(name="caps"))
    folder.find_model_file("0001").write_bytes(b"model")
    folder.put_aside.mkdir()
    aside = folder.put_aside / "7.png"
    aside.write_bytes(b"pixels")
    row = [folder.paths.write_path(tmp_path / "line 1" / "good" / "1.png"), -1.5, 1, 3]
    add_events(folder.find_journal_file("0001"), [{"rows": [row]}, {"waiting": [[row[0], 2]]}])
    entry = ModelEntry("0001", "", "", "trained", "pooled", 3)
    folder.write(ProjectDocument(name="caps", corrected=Corrected(good=(aside,))).with_model(entry))
    return folder


def test_a_copy_has_everything_and_its_paths_mean_the_same(project, tmp_path):
    target = tmp_path / "elsewhere" / "lids.anomalyproj"
    copy = copy_project(project, project.read(), target)
    assert copy.find_model_file("0001").read_bytes() == b"model"
    corrected = copy.read().corrected
    assert corrected.good == (copy.put_aside / "7.png",) and corrected.good[0].read_bytes() == b"pixels"
    rows, waiting = read_events(find_journal(copy.find_model_file("0001")))
    for written in (rows["rows"][0][0], waiting["waiting"][0][0]):
        assert copy.paths.read_path(written) == tmp_path / "line 1" / "good" / "1.png"
    assert [path.name for path in target.parent.iterdir()] == ["lids.anomalyproj"]


def _list_names(folder):
    """Return the names in a folder, but for what was there before a change that is not on the disk yet."""
    return sorted(path.name for path in folder.rglob("*") if not path.name.endswith(".before"))


def test_what_is_there_is_never_written_over(project):
    before = _list_names(project.path)
    for make in (
        lambda: make_project(project.path, ProjectDocument()),
        lambda: copy_project(project, project.read(), project.path),
    ):
        with pytest.raises(UserError, match="is there already"):
            make()
    assert _list_names(project.path) == before


def test_a_copy_that_fails_leaves_nothing(project, tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(UserError, match="cannot be made"):
        copy_project(project, project.read(), tmp_path / "file" / "x.anomalyproj")
    journal = find_journal(project.find_model_file("0001"))
    journal.write_bytes(b'{"rows": [[7]]}\n')
    with pytest.raises(AttributeError):
        copy_project(project, project.read(), tmp_path / "x.anomalyproj")
    assert not (tmp_path / "x.anomalyproj").exists() and not list(tmp_path.glob(".*"))
