"""The errors a user can mend: each is one sentence that names the thing and says what to do.

Anything else that is raised is a bug of ours and is reported as one, but for `ReaderGoneError`.
"""

from pathlib import Path

from anomaly_gui.language import translate
from anomaly_gui.wording import name_setting


class UserError(Exception):
    """Something in the user's world stands in the way; `str(error)` says what, and what to do."""


class ImageRefusedError(UserError):
    """An image cannot be used.

    Parameters
    ----------
    path : the file, as it was found
    reason : why, without the file's name, so that a table can show both beside each other
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(translate("{path}: {reason}", path=path, reason=reason))
        self.path = path
        self.reason = reason

    def __reduce__(self) -> tuple[type["ImageRefusedError"], tuple[Path, str]]:
        return type(self), (self.path, self.reason)


class ParameterError(UserError):
    """A setting has a value that cannot be used.

    Parameters
    ----------
    problem : a sentence; where a setting is named, what follows its name in one ("cannot be 0: take 1.")
    setting : its field in `TrainSettings`, so that each face can name it in its own way; "" for other values
    """

    def __init__(self, problem: str, setting: str = "") -> None:
        super().__init__(_blame_setting(setting, problem) if setting else problem)
        self.problem, self.setting = problem, setting

    def __reduce__(self) -> tuple[type["ParameterError"], tuple[str, str]]:
        return type(self), (self.problem, self.setting)


def _blame_setting(setting: str, problem: str) -> str:
    return translate("{setting} {problem}", setting=name_setting(setting, starts=True), problem=problem)


class TrainingError(UserError):
    """No model can be made of these images."""


class ModelFileError(UserError):
    """A model file cannot be read, is damaged, or does not fit this version or machine."""


class ReaderGoneError(Exception):
    """Who read what we print or write, such as `head`, has gone: nothing more is to be said."""
