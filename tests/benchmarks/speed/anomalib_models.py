"""PaDiM and EfficientAD as anomalib has them, timed from inside, by the Python that has it.

`against_anomalib.py` starts this. Networks have the weights they are made with, since speed does not depend
on their values, and nothing has to be downloaded. Batches and the order of memory (channels last) are those
that were fastest.

- padim-vgg16: layers, input (224 px) and number of features are the product's. anomalib fits a Gaussian at
  each cell of the first layer it is given: coarse to fine these are 28 x 28 cells, as many as the product
  has; fine to coarse 112 x 112 (`--fine`), which is what the names of layers from fine to coarse, as in
  anomalib's examples, make.
- padim-resnet18: as anomalib has it where nothing is said (layer1 to layer3, 100 features, 56 x 56 cells),
  but at 224 px, as the product, not at 256: a quarter less to do.
- efficient-ad: size S at 256 px. Its training would take 70,000 steps of one image each: so many as `--steps`
  says are timed, without what comes before and after them, and without pictures of ImageNet, in whose place
  the same image counts.

    python tests/benchmarks/speed/anomalib_models.py GOOD TEST
    python tests/benchmarks/speed/anomalib_models.py GOOD TEST --model padim-resnet18 --engine
    python tests/benchmarks/speed/anomalib_models.py --versions
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import torch

VGG16, RESNET18, EFFICIENT_AD = MODELS = ("padim-vgg16", "padim-resnet18", "efficient-ad")
SIZES = {VGG16: 224, RESNET18: 224, EFFICIENT_AD: 256}  # px
FEATURES = 100
LAYERS = ("8", "15", "22")  # ReLU of block2_conv2, block3_conv3 and block4_conv3 in timm's `features`
_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_RATE, _DECAY = 1e-4, 1e-5  # of EfficientAD's optimizer, as anomalib has them


def describe_padim(model: str, fine: bool) -> dict[str, Any]:
    """Return what anomalib's PaDiM is made of."""
    if model == RESNET18:
        layers = ["layer1", "layer2", "layer3"]
        return {"backbone": "resnet18", "layers": layers, "pre_trained": False, "n_features": FEATURES}
    import timm

    # Given by name, timm hands the layers out fine to coarse in whatever order they are asked for; as a
    # module, anomalib cuts it itself and keeps the order. Both stop after the deepest layer.
    network = timm.create_model("vgg16", pretrained=False).features.eval()
    layers = list(LAYERS if fine else LAYERS[::-1])
    return {"backbone": network, "layers": layers, "pre_trained": False, "n_features": FEATURES}


class Reader:
    """Reads a folder in batches, one ahead in a thread, so that the network need not wait for files."""

    def __init__(self, size: int, batch: int, is_normalized: bool) -> None:
        self._size, self._batch, self._is_normalized = size, batch, is_normalized

    def read_batches(self, folder: Path) -> Iterator[torch.Tensor]:
        """Yield (images, 3, size, size) batches."""
        files = sorted(folder.iterdir())
        parts = [files[first : first + self._batch] for first in range(0, len(files), self._batch)]
        with ThreadPoolExecutor(1) as reader:
            coming = reader.submit(self.read, parts[0])
            for following in parts[1:]:
                batch, coming = coming.result(), reader.submit(self.read, following)
                yield batch
            yield coming.result()

    def read(self, files: Sequence[Path]) -> torch.Tensor:
        """Return the images of files, (images, 3, size, size), channels last in memory."""
        import torch

        pixels = torch.from_numpy(np.stack([self._read_pixels(file) for file in files])).permute(0, 3, 1, 2)
        mean, deviation = (torch.tensor(of).view(1, 3, 1, 1) for of in (_MEAN, _DEVIATION))
        values = (pixels / 255 - mean) / deviation if self._is_normalized else pixels / 255
        return values.contiguous(memory_format=torch.channels_last)

    def _read_pixels(self, file: Path) -> np.ndarray:
        with Image.open(file) as image:
            small = image.convert("RGB").resize((self._size, self._size), Image.Resampling.BILINEAR)
            return np.asarray(small)


class BarePadim:
    """anomalib's torch model in a plain loop: less around it than anomalib's own way has."""

    def __init__(self, given: argparse.Namespace) -> None:
        import torch
        from anomalib.models.image.padim.torch_model import PadimModel

        model = PadimModel(**describe_padim(given.model, given.fine))
        self._model = model.to(memory_format=torch.channels_last)
        self._reader = Reader(SIZES[given.model], given.batch, is_normalized=True)

    def train(self, folder: Path) -> None:
        """Embed all images, then fit, as anomalib's training does."""
        self._model.train()
        for batch in self._reader.read_batches(folder):
            self._model(batch)
        self._model.fit()

    def score(self, folder: Path) -> list[float]:
        """Return scores; maps are made on the way."""
        return score_folder(self._model, self._reader, folder)


class BareEfficientAd:
    """anomalib's torch model of EfficientAD-S, with so many steps of its training as are asked for."""

    def __init__(self, given: argparse.Namespace) -> None:
        import torch
        from anomalib.models.image.efficient_ad.torch_model import EfficientAdModel

        # 1 and 0 in place of what all steps would end with: the maps are normalized by them.
        self._model = EfficientAdModel().to(memory_format=torch.channels_last)
        self._model.mean_std["std"].data.fill_(1)
        for name in ("qb_st", "qb_ae"):
            self._model.quantiles[name].data.fill_(1)
        self._reader = Reader(SIZES[EFFICIENT_AD], given.batch, is_normalized=False)
        self._steps = given.steps

    def train(self, folder: Path) -> None:
        """Take steps of one image each, as anomalib's training does."""
        import torch

        self._model.train()
        learned = [*self._model.student.parameters(), *self._model.ae.parameters()]
        optimizer = torch.optim.Adam(learned, lr=_RATE, weight_decay=_DECAY)
        for file in islice(cycle(sorted(folder.iterdir())), self._steps):
            image = self._reader.read([file])
            optimizer.zero_grad()
            sum(self._model(image, image)).backward()
            optimizer.step()

    def score(self, folder: Path) -> list[float]:
        """Return scores; maps are made on the way."""
        return score_folder(self._model, self._reader, folder)


def score_folder(model: torch.nn.Module, reader: Reader, folder: Path) -> list[float]:
    """Return the scores of a folder's images."""
    import torch

    model.eval()
    with torch.inference_mode():
        return [
            one for batch in reader.read_batches(folder) for one in model(batch).pred_score.flatten().tolist()
        ]


class WholeEngine:
    """anomalib's Engine, data module and pre-processing of PaDiM, without the pictures it would draw."""

    def __init__(self, given: argparse.Namespace, results: str) -> None:
        from anomalib.engine import Engine
        from anomalib.models import Padim

        ready = Padim.configure_pre_processor((SIZES[given.model],) * 2)
        self._model = Padim(
            **describe_padim(given.model, given.fine),
            pre_processor=ready,
            visualizer=False,
            evaluator=False,
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


def parse_arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, metavar="GOOD TEST")
    parser.add_argument("--model", choices=MODELS, default=VGG16)
    parser.add_argument("--fine", action="store_true", help="112 x 112 cells of VGG16, not 28 x 28")
    parser.add_argument("--steps", type=int, default=20, help="of EfficientAD's training")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--engine", action="store_true", help="the whole of anomalib, not its torch model")
    parser.add_argument("--workers", type=int, default=0, help="processes that read for the engine")
    parser.add_argument("--versions", action="store_true", help="import all, and print versions")
    given = parser.parse_args()
    if given.engine and given.model == EFFICIENT_AD:
        parser.error("anomalib's Engine downloads weights and pictures for EfficientAD")
    return given


def main() -> None:
    """Print seconds as one line of JSON, the last."""
    given = parse_arguments()
    warnings.simplefilter("ignore")  # what libraries say to their own developers
    bare = BareEfficientAd if given.model == EFFICIENT_AD else BarePadim
    with tempfile.TemporaryDirectory() as results:
        way = WholeEngine(given, results) if given.engine else bare(given)
        if given.versions:
            print(json.dumps({name: version(name) for name in ("anomalib", "torch", "timm")}))
            return
        good, test = given.folders
        train, _ = time_job(way.train, good)
        score, scores = time_job(way.score, test)
    steps = given.steps if given.model == EFFICIENT_AD else None
    print(json.dumps({"train": train, "steps": steps, "score": score, "scores": len(scores)}))


if __name__ == "__main__":
    main()
