"""PaDiM as anomalib has it, timed from inside: `against_anomalib.py` runs it with the Python that has it.

VGG16 by timm with the weights it is made with, since speed does not depend on their values, and nothing has
to be downloaded. Layers, input and number of features are the product's. anomalib fits a Gaussian at each
cell of the first layer it is given: coarse to fine these are 28 x 28 cells, as many as the product has; fine
to coarse 112 x 112, which is what the names of layers from fine to coarse, as in anomalib's examples, make.

    python tests/benchmarks/speed/anomalib_padim.py GOOD TEST
    python tests/benchmarks/speed/anomalib_padim.py GOOD TEST --side 112 --engine
    python tests/benchmarks/speed/anomalib_padim.py --versions
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import torch

SIZE, FEATURES = 224, 100
LAYERS = ("8", "15", "22")  # ReLU of block2_conv2, block3_conv3 and block4_conv3 in timm's `features`
SIDES = (28, 112)
_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def make_backbone(side: int) -> dict[str, Any]:
    """Return what makes anomalib's PaDiM use these layers of VGG16, with so many cells along an edge."""
    import timm

    # Given by name, timm hands the layers out fine to coarse in whatever order they are asked for; as a
    # module, anomalib cuts it itself and keeps the order. Both stop after the deepest layer.
    network = timm.create_model("vgg16", pretrained=False).features.eval()
    layers = LAYERS if side == SIDES[1] else LAYERS[::-1]
    return {"backbone": network, "layers": list(layers), "pre_trained": False, "n_features": FEATURES}


class Bare:
    """anomalib's torch model in a plain loop: less around it than anomalib's own way has."""

    def __init__(self, given: argparse.Namespace) -> None:
        import torch
        from anomalib.models.image.padim.torch_model import PadimModel

        self._order = torch.channels_last if given.channels_last else torch.contiguous_format
        self._model = PadimModel(**make_backbone(given.side)).to(memory_format=self._order)
        self._batch = given.batch

    def train(self, folder: Path) -> None:
        """Embed all images, then fit, as anomalib's training does."""
        self._model.train()
        for batch in self._batches(folder):
            self._model(batch)
        self._model.fit()

    def score(self, folder: Path) -> list[float]:
        """Return scores; maps are made on the way."""
        self._model.eval()
        return [
            one for batch in self._batches(folder) for one in self._model(batch).pred_score.flatten().tolist()
        ]

    def _batches(self, folder: Path) -> Iterator[torch.Tensor]:
        """Read one batch ahead in a thread, so that the network need not wait for files."""
        files = sorted(folder.iterdir())
        parts = [files[first : first + self._batch] for first in range(0, len(files), self._batch)]
        with ThreadPoolExecutor(1) as reader:
            coming = reader.submit(self._read, parts[0])
            for following in parts[1:]:
                batch, coming = coming.result(), reader.submit(self._read, following)
                yield batch
            yield coming.result()

    def _read(self, files: list[Path]) -> torch.Tensor:
        import torch

        pixels = torch.from_numpy(np.stack([_read_pixels(file) for file in files])).permute(0, 3, 1, 2)
        mean, deviation = (torch.tensor(of).view(1, 3, 1, 1) for of in (_MEAN, _DEVIATION))
        return ((pixels / 255 - mean) / deviation).contiguous(memory_format=self._order)


def _read_pixels(file: Path) -> np.ndarray:
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB").resize((SIZE, SIZE), Image.Resampling.BILINEAR))


class WholeEngine:
    """anomalib's Engine, data module and pre-processing, without the pictures it would draw."""

    def __init__(self, given: argparse.Namespace, results: str) -> None:
        from anomalib.engine import Engine
        from anomalib.models import Padim

        ready = Padim.configure_pre_processor((SIZE, SIZE))
        self._model = Padim(
            **make_backbone(given.side), pre_processor=ready, visualizer=False, evaluator=False
        )
        self._engine = Engine(default_root_dir=results, accelerator="cpu", logger=False, limit_val_batches=0)
        self._loading = {"eval_batch_size": given.batch, "num_workers": given.workers}

    def train(self, folder: Path) -> None:
        """Fit as a user does who has good images only."""
        from anomalib.data import Folder

        none = {"test_split_mode": "none", "val_split_mode": "none"}
        batch = self._loading["eval_batch_size"]
        data = Folder("good", normal_dir=folder, train_batch_size=batch, **self._loading, **none)
        self._engine.fit(self._model, datamodule=data)

    def score(self, folder: Path) -> list[float]:
        """Return scores; maps are made on the way."""
        from anomalib.data import PredictDataset
        from torch.utils.data import DataLoader

        data = PredictDataset(folder)
        length, workers = self._loading["eval_batch_size"], self._loading["num_workers"]
        loader = DataLoader(data, length, collate_fn=data.collate_fn, num_workers=workers)
        found = self._engine.predict(self._model, dataloaders=loader)
        return [float(one) for batch in found for one in batch.pred_score]


def time_job(job: Callable[[Path], Any], folder: Path) -> tuple[float, Any]:
    """Return how long a job takes, and its result."""
    began = time.perf_counter()
    result = job(folder)
    return time.perf_counter() - began, result


def main() -> None:
    """Print seconds as one line of JSON, the last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, metavar="GOOD TEST")
    parser.add_argument("--side", type=int, choices=SIDES, default=SIDES[0], help="cells along an edge")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--channels-last", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--engine", action="store_true", help="the whole of anomalib, not its torch model")
    parser.add_argument("--workers", type=int, default=0, help="processes that read for the engine")
    parser.add_argument("--versions", action="store_true", help="import all, and print versions")
    given = parser.parse_args()
    warnings.simplefilter("ignore")  # what libraries say to their own developers
    with tempfile.TemporaryDirectory() as results:
        way = WholeEngine(given, results) if given.engine else Bare(given)
        if given.versions:
            print(json.dumps({name: version(name) for name in ("anomalib", "torch", "timm")}))
            return
        good, test = given.folders
        train, _ = time_job(way.train, good)
        score, scores = time_job(way.score, test)
    print(json.dumps({"train": train, "score": score, "scores": len(scores)}))


if __name__ == "__main__":
    main()
