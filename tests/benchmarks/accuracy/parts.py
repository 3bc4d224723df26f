"""The bench of many parts: every choice is judged by the worst kind and the mean over kinds.

Real sets (--sets), solar cells as they lie and turned by random angles, digits, made-up bolts in any
direction and surfaces. Of each kind 10, 20, 50 and all good images are learned from, chosen by seeds, never
of a part that is judged as well; unseen good ones and defects are judged. Everything is read, grouped,
screened, fitted and judged by the product's own functions. One pass of the network takes all layers and
cells; what was read and measured stays in --work, and a second start goes on where the first one was. Under
an hour on two idle cores.

    python -m tests.benchmarks.accuracy.parts --sets FOLDER --work FOLDER --json FILE
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anomaly_gui.detection.settings.choices import AUTO, NORMALIZATIONS, POOLED, POSITIONAL, TEXTURE
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.errors import UserError
from tests.benchmarks.common import write_json
from tests.benchmarks.many_parts.backbones import DEFAULT_BACKBONE, list_joint_layers, list_layers
from tests.benchmarks.many_parts.candidates import VARIANTS, PartsCandidate, list_candidates
from tests.benchmarks.many_parts.features import KindFeatures, open_cache
from tests.benchmarks.many_parts.learned import try_learned
from tests.benchmarks.many_parts.report import print_kind, print_over_kinds, summarize_kinds
from tests.benchmarks.many_parts.results import Results
from tests.benchmarks.many_parts.splits import EVERY, SplitName, list_splits
from tests.benchmarks.many_parts.trial import make_split, try_candidate
from tests.benchmarks.part_kinds import EVERY as MADE
from tests.benchmarks.part_kinds import PartKind, list_part_kinds, list_set_names

if TYPE_CHECKING:
    from collections.abc import Sequence

SOME_LAYERS = "block3_conv3,block3_pool,block4_pool,block5_conv3,block5_pool"
NAMES = tuple(name for name in MADE if name != "rings")
MOST = (100, 50, 100)  # images to learn from, unseen good ones and defects of kinds that have many


def read_options(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sets", type=Path, required=True, help="folder of real sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for images, features and results")
    parser.add_argument("--kinds", type=_split_names, default=(), help="names with commas; all without")
    parser.add_argument("--detectors", type=_split_names, default=(AUTO, POOLED, POSITIONAL, TEXTURE))
    parser.add_argument(
        "--layers",
        default=SOME_LAYERS,
        help="of pooled features, beside default and joint ones; + joins several, every takes each",
    )
    parser.add_argument("--sizes", type=_split_names, default=("224",), help="px")
    parser.add_argument("--backbones", type=_split_names, default=(DEFAULT_BACKBONE,))
    parser.add_argument(
        "--normalizations", type=_split_defaults, default=("",), help=f"beside the default: {NORMALIZATIONS}"
    )
    parser.add_argument("--counts", type=_split_names, default=("10", "20", "50", EVERY))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument(
        "--variants",
        type=_split_defaults,
        default=("",),
        help=f"constants changed: {', '.join(filter(None, VARIANTS))}".replace("%", "%%"),
    )
    parser.add_argument("--json", type=Path, help="file for every value that was measured")
    return parser.parse_args(words)


def _split_names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _split_defaults(text: str) -> tuple[str, ...]:
    """Return names; the empty one, nothing changed, is always among them."""
    return ("", *_split_names(text))


def parse_layer_sets(text: str, backbones: Sequence[str]) -> list[tuple[str, ...]]:
    """Return sets of layers, those that a backbone joins, and the empty one: its default."""
    every = [name for backbone in backbones for name in list_layers(backbone)]
    names = every if text == "every" else _split_names(text)
    return [(), *(tuple(name.split("+")) for name in names), *map(list_joint_layers, backbones)]


def cap_kind(kind: PartKind) -> PartKind:
    """Return a kind of which there are very many images with a few hundred."""
    if kind.name not in NAMES:
        return kind
    learned, unseen, bad = MOST
    return replace(kind, good=kind.good[:learned], unseen=kind.unseen[:unseen], bad=kind.bad[:bad])


def measure_kind(
    kind: PartKind, candidates: Sequence[PartsCandidate], given: argparse.Namespace, results: Results
) -> None:
    """Try every candidate on every split of a kind, but what was tried before."""
    with_one_pass: dict[tuple[str, int], list[PartsCandidate]] = {}
    for candidate in candidates:
        with_one_pass.setdefault((candidate.backbone, candidate.size), []).append(candidate)
    names = list(list_splits(given.counts, given.seeds, len(kind.good)))
    cache = open_cache(given.work)
    for (backbone, size), those in with_one_pass.items():
        features = KindFeatures(kind, backbone, size, given.work, cache)
        for name in names:
            missing = [one for one in those if (kind.name, name, one) not in results]
            if missing:
                _measure_split(features, name, missing, results)
    cache.close()


def _measure_split(
    features: KindFeatures, name: SplitName, candidates: Sequence[PartsCandidate], results: Results
) -> None:
    split = make_split(features, name)
    for candidate in candidates:
        tried = try_learned if DETECTORS[candidate.detector].is_learned else try_candidate
        try:
            values = tried(candidate, features, split)
        except UserError as error:  # what cannot be fitted to so few images
            print(f"{features.kind.name}, {name.count}, {candidate}: {error}")
            continue
        results.add(features.kind.name, name, candidate, values)


def collect_summary(results: Sequence[dict[str, Any]], counts: Sequence[str]) -> dict[str, Any]:
    """Return what the tables show, as plain values."""
    return {
        count: {str(name): of_kinds for name, of_kinds in summarize_kinds(results, count).items()}
        for count in counts
    }


def main() -> None:
    """Measure what is missing, and print tables of all that was asked for."""
    given = read_options()
    candidates = list_candidates(
        given.detectors,
        parse_layer_sets(given.layers, given.backbones),
        [int(size) for size in given.sizes],
        given.backbones,
        given.normalizations,
        given.variants,
    )
    results = Results(given.work / "parts.jsonl")
    names = given.kinds or (*list_set_names(given.sets), *NAMES)
    kinds = [cap_kind(kind) for kind in list_part_kinds(given.sets, given.work, names)]
    for kind in kinds:
        measure_kind(kind, candidates, given, results)
        records = results.list_records([kind.name], candidates)
        print_kind(kind.name, [one for one in records if one["count"] in given.counts])
    records = results.list_records([kind.name for kind in kinds], candidates)
    print_over_kinds(records, given.counts)
    write_json(given.json, {"records": records, "summary": collect_summary(records, given.counts)})


if __name__ == "__main__":
    main()
