from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_model import small_model, vectors

from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.model.archive import archive_writing
from anomaly_gui.detection.model.archive.archive_reading import read_archive
from anomaly_gui.detection.model.archive.archive_writing import write_archive
from anomaly_gui.detection.model.model import Reference
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.errors import ModelFileError

DENSITIES = [
    {},
    {"density": "gmm"},
    {"density": "gmm", "components": 3, "covariance_type": "tied"},
    {"density": "gmm", "components": 2, "covariance_type": "diag"},
    {"density": "gmm", "components": 2, "covariance_type": "spherical"},
]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "瓶盖.anomaly"
    save_model(small_model(calibration=7), path)
    return path


@pytest.mark.parametrize("told", DENSITIES)
def test_a_model_comes_back_and_scores_to_the_last_bit(tmp_path, told):
    model, path = small_model(calibration=5, **told), tmp_path / "m.anomaly"
    save_model(model, path)
    again = open_model(path)
    np.testing.assert_array_equal(
        again.detector.score(vectors(50, seed=2)), model.detector.score(vectors(50, seed=2))
    )
    assert again.detector.settings == model.detector.settings
    assert again.threshold == model.threshold
    assert again.admission == model.admission
    assert again.moves == model.moves
    assert again.training.images == model.training.images
    assert again.training.calibration == model.training.calibration
    assert (again.created, again.weights_sha256, again.pixel_limit, dict(again.versions)) == (
        model.created,
        model.weights_sha256,
        model.pixel_limit,
        dict(model.versions),
    )
    for name in ("scores", "held_out", "vectors", "groups", "calibration_scores", "calibration_groups"):
        np.testing.assert_array_equal(getattr(again.training, name), getattr(model.training, name))
    np.testing.assert_array_equal(again.reference.pixels, model.reference.pixels)
    np.testing.assert_array_equal(again.reference.scores, model.reference.scores)


def test_proportions_come_back_and_squares_are_stored_as_before(tmp_path):
    square, path = small_model(), tmp_path / "m.anomaly"
    save_model(square, path)
    assert "proportions" not in read_archive(path, {})[0]["detector"]
    features = FeatureSettings(("block1_pool",), 64, proportions=2.5)
    assert features.shape == (96, 32)
    pixels = np.arange(2 * 96 * 32 * 3).reshape(2, 96, 32, 3).astype(np.uint8)
    detector = replace(square.detector, plan=Plan(features))
    save_model(replace(square, detector=detector, reference=Reference(pixels, np.zeros(2))), path)
    again = open_model(path)
    assert again.detector.settings == features
    np.testing.assert_array_equal(again.reference.pixels, pixels)
    for value in (0.0, 30, "2"):
        _change(path, _set("detector", "proportions", value=value))
        with pytest.raises(ModelFileError):
            open_model(path)


def test_the_nearest_training_images_are_found(path):
    model = open_model(path)
    near = vectors(30)[[7, 19]] + 0.01
    assert [found[0] for found in model.find_nearest(near)] == [7, 19]
    for vector, found in zip(near, model.find_nearest(near, 5), strict=True):
        assert found == tuple(np.argsort(((vectors(30) - vector) ** 2).sum(axis=1))[:5])
    assert [len(found) for found in model.find_nearest(near, 100)] == [30, 30]


def _change(path, change):
    """Write the file anew after `change(manifest, arrays)`, with digests made right."""
    manifest, arrays = read_archive(path, {})
    change(manifest, arrays)
    write_archive(path, {key: manifest[key] for key in manifest if key != "arrays"}, arrays)


def _set(*keys, value):
    def change(manifest, arrays):
        *outer, last = keys
        for key in outer:
            manifest = manifest[key]
        manifest[last] = value

    return change


def _array(name, make):
    def change(manifest, arrays):
        values = make(arrays.get(name))
        arrays.pop(name, None)
        if values is not None:
            arrays[name] = values

    return change


def _list_images(manifest, arrays):
    """Turn columns into lists of images, as in files of format 1."""
    for name in ("training", "calibration"):
        columns = manifest[name]["images"]
        digests, sizes = arrays.pop(f"{name}.digests"), arrays.pop(f"{name}.sizes").tolist()
        manifest[name]["images"] = [
            {
                "path": path,
                "sha256": digests[index].tobytes().hex(),
                "width": sizes[index][0],
                "height": sizes[index][1],
                "notes": columns["notes"].get(str(index), []),
            }
            for index, path in enumerate(columns["paths"])
        ]


def _listed(change):
    def changed(manifest, arrays):
        _list_images(manifest, arrays)
        change(manifest, arrays)

    return changed


SAVED_BEFORE = {
    "shrunk": [-15.469635612538653, -27.828579229439917, -14.655483562193083],
    "gmm_3": [-14.406817020911905, -37.86471874782497, -26.909553178838298],
}


@pytest.mark.parametrize("name", SAVED_BEFORE)
def test_a_file_that_version_0_1_0_saved_opens_and_scores_as_it_did_there(name, tmp_path):
    file = Path(__file__).parent / "format_1" / f"{name}.anomaly"
    model, again = open_model(file), tmp_path / "again.anomaly"
    save_model(model, again)
    for opened in (model, open_model(again)):
        scores = opened.detector.score(vectors(3, seed=2))
        np.testing.assert_allclose(
            scores, SAVED_BEFORE[name], rtol=1e-12
        )  # other machines sum in other orders
        assert [record.path.name for record in opened.training.images][-1] == "Bild_Ü_11.png"
        assert (len(opened.training.images), len(opened.training.calibration)) == (12, 3)


def test_a_file_of_format_1_opens_as_before(path, monkeypatch):
    expected = open_model(path)
    monkeypatch.setattr(archive_writing, "FORMAT_VERSION", 1)
    _change(path, _list_images)
    manifest, _ = read_archive(path, {})
    assert manifest["format_version"] == 1
    assert manifest["training"]["images"][0]["notes"] == list(expected.training.images[0].notes)
    again = open_model(path)
    assert again.training.images == expected.training.images
    assert again.training.calibration == expected.training.calibration
    np.testing.assert_array_equal(again.detector.score(vectors(5)), expected.detector.score(vectors(5)))


BAD = {
    "other weights": (_set("weights", "sha256", value="0" * 64), "other weights of VGG16"),
    "no threshold": (lambda manifest, arrays: manifest.pop("threshold"), "'threshold' is a required"),
    "unknown key": (_set("lambda", value="code"), "'lambda' was unexpected"),
    "unknown layer": (_set("detector", "layers", value=["block9_pool"]), "no layer named 'block9_pool'"),
    "layer of another width": (_set("detector", "layers", value=["block2_pool"]), "location is"),
    "unknown detector": (_set("detector", "kind", value="lambda"), "no detector 'lambda'"),
    "huge input": (_set("detector", "size", value=100_000), "detector.size"),
    "unknown normalization": (_set("detector", "normalization", value="x"), "no normalization named 'x'"),
    "unknown density": (_set("detector", "density", "name", value="x"), "no density named 'x'"),
    "density of other values": (_set("detector", "density", "name", value="gmm"), "not those of its kind"),
    "floor of zero": (_set("detector", "density", "settings", "floor", value=0), "floor is 0"),
    "floor as a word": (_set("detector", "density", "settings", "floor", value="x"), "floor is 'x'"),
    "threshold as a word": (_set("threshold", "value", value="low"), "threshold.value"),
    "unknown rule": (_set("threshold", "rule", value="guess"), "threshold.rule"),
    "empty range": (_set("admission", "aspect", value=[2.0, 1.0]), "sizes is empty"),
    "one image": (lambda manifest, arrays: manifest["training"].update(images=[]), "training.images"),
    "digest cut": (_listed(_set("training", "images", 0, "sha256", value="ab")), "sha256"),
    "image of no width": (_listed(_set("training", "images", 0, "width", value=0)), "width"),
    "image missing": (
        _listed(lambda manifest, arrays: manifest["training"]["images"].pop()),
        "training.scores is",
    ),
    "listed images with columns beside": (
        lambda manifest, arrays: _list_images(manifest, dict(arrays)),
        "no model has arrays named calibration.digests",
    ),
    "one path": (_set("training", "images", "paths", value=["a.png"]), "training.images.paths"),
    "a path as a number": (_set("training", "images", "paths", 3, value=3), "training.images.paths[3]"),
    "a path too few": (lambda manifest, arrays: manifest["training"]["images"]["paths"].pop(), "digests is"),
    "remarks on nothing": (_set("training", "images", "notes", value={"30": ["x"]}), "remarks on an image"),
    "remarks on a word": (_set("training", "images", "notes", value={"x": ["x"]}), "training.images.notes"),
    "digests cut": (_array("training.digests", lambda old: old[:, 1:].copy()), "training.digests is uint8"),
    "sizes of zero": (_array("training.sizes", lambda old: 0 * old), "training.sizes has an image without"),
    "no sizes": (_array("calibration.sizes", lambda old: None), "calibration.sizes is missing"),
    "scores missing": (_array("training.scores", lambda old: None), "training.scores is missing"),
    "scores as integers": (
        _array("training.scores", lambda old: old.astype(np.int64)),
        "training.scores is int64",
    ),
    "negative group": (_array("training.groups", lambda old: old - 1), "training.groups has a number"),
    "huge group": (_array("training.groups", lambda old: old + 10**9), "training.groups has a number"),
    "wrong axes": (_array("density.axes", lambda old: old[:, 1:].copy()), "axes is float64 of shape"),
    "axes of no count": (_array("density.variances", lambda old: np.float64(1)), "axes is float64 of shape"),
    "variance of zero": (_array("density.variances", lambda old: 0 * old), "variances has a value"),
    "reference of another size": (
        _array("reference.pixels", lambda old: old[:, 1:].copy()),
        "reference.pixels is uint8",
    ),
    "no reference": (_array("reference.pixels", lambda old: None), "reference.pixels is missing"),
    "a number as reference": (_array("reference.pixels", lambda old: np.uint8(1)), "reference.pixels is m"),
    "one array more": (_array("code", lambda old: np.zeros(1)), "no model has arrays named code"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_content_that_no_model_has_is_refused(path, kind):
    change, reason = BAD[kind]
    _change(path, change)
    with pytest.raises(ModelFileError) as error:
        open_model(path)
    assert reason in str(error.value)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


def test_mixtures_with_impossible_precisions_are_refused(tmp_path):
    path = tmp_path / "m.anomaly"
    save_model(small_model("gmm"), path)
    _change(path, _array("density.precisions_cholesky", lambda old: -old))
    with pytest.raises(ModelFileError, match="precision"):
        open_model(path)


def test_mixtures_of_impossible_settings_are_refused(tmp_path):
    path = tmp_path / "m.anomaly"
    for name, value, reason in (
        ("n_components", 1.5, "whole number"),
        ("n_components", 1000, "from 1 to 100"),
        ("covariance_type", "round", "no covariance"),
        ("reg_covar", -1, "reg_covar"),
    ):
        save_model(small_model("gmm"), path)
        _change(path, _set("detector", "density", "settings", name, value=value))
        with pytest.raises(ModelFileError, match=reason):
            open_model(path)


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
_VALUES = st.recursive(_LEAVES, lambda inner: st.lists(inner, max_size=3), max_leaves=5)


def _places(value, path=()):
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*path, key)
            yield from _places(inner, (*path, key))


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    path = tmp_path_factory.mktemp("fuzz") / "m.anomaly"
    save_model(small_model(count=4, calibration=1), path)
    return path.parent, read_archive(path, {})


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_value_anywhere_ends_as_a_model_or_a_reason(content, data):
    import copy

    folder, (manifest, arrays) = content
    manifest = copy.deepcopy({key: manifest[key] for key in manifest if key != "arrays"})
    place = data.draw(st.sampled_from(list(_places(manifest))))
    _set(*place, value=data.draw(_VALUES))(manifest, None)
    path = folder / "changed.anomaly"
    try:
        write_archive(path, manifest, arrays)
    except ValueError:
        return  # what the container cannot hold, such as huge numbers
    try:
        model = open_model(path)
    except ModelFileError as error:
        assert str(path) in str(error)
    else:
        assert np.isfinite(model.detector.score(vectors(3))).all()
        assert asdict(model.threshold)["rule"] == manifest["threshold"]["rule"]
