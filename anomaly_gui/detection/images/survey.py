"""A first look at folders before anything is learned from them: what in them will make trouble."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anomaly_gui.detection.images.bit_depth import describe_bit_depth
from anomaly_gui.detection.images.decoding.depth import find_smallest_depth
from anomaly_gui.detection.images.loading import ImageFacts, ReadingOptions, read_facts
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import translate, translate_count
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAMED = 3  # kinds in one sentence


@dataclass
class Survey:
    """What was seen of a set of images so far.

    Parameters
    ----------
    looked_at : how many files
    refused : those that cannot be used, each with the reason
    duplicates : files with the same bytes as an earlier one, and that one
    sizes : images of each (width, height) in pixels
    kinds : images of each format and kind of pixels
    cameras : images of each camera, where files name theirs
    peak : highest value of the files of 16 bits that do not say how many they use; None: there are none
    """

    looked_at: int = 0
    refused: list[ImageRefusedError] = field(default_factory=list)
    duplicates: list[tuple[Path, Path]] = field(default_factory=list)
    sizes: Counter[tuple[int, int]] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    cameras: Counter[str] = field(default_factory=Counter)
    peak: int | None = None
    _seen: dict[str, Path] = field(default_factory=dict)

    def look_at(self, path: Path, pixel_limit: int = ReadingOptions.pixel_limit) -> None:
        """Decode one file and count it; what cannot be read is counted with the reason."""
        self.looked_at += 1
        try:
            self._add_facts(read_facts(path, pixel_limit))
        except ImageRefusedError as refused:
            self.refused.append(refused)

    def _add_facts(self, facts: ImageFacts) -> None:
        record = facts.record
        first = self._seen.setdefault(record.sha256, record.path)
        if first != record.path:
            self.duplicates.append((record.path, first))
            return
        self.sizes[record.width, record.height] += 1
        self.kinds[facts.kind] += 1
        self.cameras[facts.camera] += 1
        if facts.peak is not None:
            self.peak = max(facts.peak, self.peak or 0)

    @property
    def depth(self) -> int | None:
        """Bits that are used of files of 16 bits; None where there are none that leave it open."""
        return None if self.peak is None else find_smallest_depth(self.peak)

    @property
    def has_two_sources(self) -> bool:
        """Tell whether the images seem to come from more than one camera or program."""
        return len(self.kinds) > 1 or len(self.cameras) > 1

    def list_warnings(self) -> tuple[str, ...]:
        """Return a sentence for each kind of trouble."""
        found = [*self._list_refused(), *self._list_duplicates()]
        if len(self.sizes) > 1:
            sizes = _most_common(Counter({f"{w} x {h}": n for (w, h), n in self.sizes.items()}))
            found.append(
                translate("Sizes differ: {sizes}. Images of one part should be of one size.", sizes=sizes)
            )
        if self.has_two_sources:
            kinds = self.kinds if len(self.kinds) > 1 else self.cameras
            found.append(
                translate(
                    "Images of two sources: {kinds}. A model of both finds less; keep one source.",
                    kinds=_most_common(kinds),
                )
            )
        if self.depth is not None and self.depth < 16:  # all of 16 are nothing to say
            found.append(describe_bit_depth(self.depth))
        return tuple(found)

    def _list_refused(self) -> Iterator[str]:
        if self.refused:
            first = self.refused[0]
            yield translate_count(
                "{count:,} file cannot be used, such as {name}: {reason}.",
                "{count:,} files cannot be used, such as {name}: {reason}.",
                len(self.refused),
                name=first.path.name,
                reason=first.reason,
            )

    def _list_duplicates(self) -> Iterator[str]:
        if self.duplicates:
            copy, original = self.duplicates[0]
            yield translate_count(
                "{count:,} copy of other files count once, such as {copy}, the same as {original}.",
                "{count:,} copies of other files count once, such as {copy}, the same as {original}.",
                len(self.duplicates),
                copy=copy.name,
                original=original.name,
            )


def _most_common(kinds: Counter[str]) -> str:
    named = [
        translate("{count:,} {kind}", count=count, kind=kind or translate("of no named camera"))
        for kind, count in kinds.most_common(_NAMED)
    ]
    return join_list([*named, translate("others")] if len(kinds) > _NAMED else named)
