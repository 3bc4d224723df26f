"""The folder layout of MVTec AD, which many other data sets follow (https://www.mvtec.com/company/research/datasets)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from anomaly_gui.errors import UserError
from anomaly_gui.language import mark, translate
from anomaly_gui.wording import explain_os_error, join_list

_LAYOUT = mark("train/good, test/good and test/NAME_OF_DEFECT")


@dataclass(frozen=True)
class MvtecCategory:
    """The folders of one category; `train_good` and `masks` (ground_truth) are None when missing."""

    train_good: Path | None
    test_good: Path
    defects: Mapping[str, Path]
    masks: Path | None


def read_mvtec(folder: Path) -> MvtecCategory:
    """Find the folders of an MVTec AD category: train/good, test/good, test/DEFECT, ground_truth.

    `defects` maps the name of each defect to its folder, in order of names. No image is opened. Raises
    UserError for a folder of several categories (it names them), for any other layout, and for folders that
    cannot be read.
    """
    try:
        return _read_layout(folder)
    except OSError as error:
        raise UserError(
            translate(
                "{folder} cannot be read: {why}; check that you may open it.",
                folder=folder,
                why=explain_os_error(error),
            )
        ) from error


def _read_layout(folder: Path) -> MvtecCategory:
    """Find the folders, or raise UserError for their layout and OSError where they cannot be read."""
    if not folder.is_dir():
        raise UserError(
            translate(
                "{folder} is not a folder; give a category of an MVTec AD data set, with {layout}.",
                folder=folder,
                layout=translate(_LAYOUT),
            )
        )
    if not _is_category(folder):
        raise _not_a_category(folder)
    defects = {path.name: path for path in _list_subfolders(folder / "test") if path.name != "good"}
    if not defects:
        raise UserError(
            translate(
                "{folder} has no folder of defects beside good; expected {layout}.",
                folder=folder / "test",
                layout=translate(_LAYOUT),
            )
        )
    return MvtecCategory(
        train_good=_if_folder(folder / "train" / "good"),
        test_good=folder / "test" / "good",
        defects=defects,
        masks=_if_folder(folder / "ground_truth"),
    )


def _is_category(folder: Path) -> bool:
    """Tell a category by its good test images, the one folder every use of it needs."""
    return (folder / "test" / "good").is_dir()


def _not_a_category(folder: Path) -> UserError:
    """Return the error for a folder that holds categories, or something else."""
    names = [path.name for path in _list_subfolders(folder) if _is_category(path)]
    if names:
        return UserError(
            translate(
                "{folder} holds categories; give one of them, such as {example}: {names}.",
                folder=folder,
                example=folder / names[0],
                names=join_list(names),
            )
        )
    return UserError(
        translate(
            "{folder} is not laid out like a category of MVTec AD; expected {layout} in it.",
            folder=folder,
            layout=translate(_LAYOUT),
        )
    )


def _list_subfolders(folder: Path) -> list[Path]:
    """Return the visible folders in a folder, by name."""
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _if_folder(path: Path) -> Path | None:
    """Return the path if it is a folder."""
    return path if path.is_dir() else None
