"""Numbers of unlabelled real text: how common each word is, and which words keep the same company.

Latent semantics after Deerwester et al. (1990): a truncated SVD of the tf-idf matrix. Only words and numbers are
kept, no sentence. `python -m classifier.background FOLDER OUT` makes the file that a pack ships.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.decomposition import TruncatedSVD

from classifier.arrays import arrays_of, bytes_of
from classifier.cues import CueIndex
from classifier.errors import PackError
from classifier.features import word_weights
from classifier.judgement import Text
from classifier.pack import load_pack
from classifier.reading import Floats, Reader

MOST_WORDS = 20_000
DIMENSIONS = 100
LEAST_TEXTS = 3


@dataclass(frozen=True)
class Background:
    """`idf` per word, and `places` (words x dimensions): where each word lies among the others.

    `unseen` is the idf of a word that is not here. `telling` says per cue phrase how little it stands in stories of
    other fields: 1 never, 0 in all of them.
    """

    words: tuple[str, ...]
    idf: Floats
    places: Floats
    unseen: float
    telling: dict[str, float]

    def telling_of(self, cues: CueIndex) -> Floats:
        """`telling` of each phrase of an index; one that was not counted tells all."""
        return np.asarray([self.telling.get(phrase, 1.0) for phrase in cues.phrases], dtype=np.float32)

    def to_bytes(self) -> bytes:
        """As an npz file; places as float16."""
        return bytes_of(
            {
                "words": np.frombuffer("\n".join(self.words).encode(), dtype=np.uint8),
                "idf": self.idf.astype(np.float32),
                "places": self.places.astype(np.float16),
                "unseen": np.asarray([self.unseen], dtype=np.float32),
                "phrases": np.frombuffer("\n".join(self.telling).encode(), dtype=np.uint8),
                "telling": np.asarray(list(self.telling.values()), dtype=np.float32),
            }
        )


def nothing_known() -> Background:
    """The background of a pack that ships none: all words are equally rare and have no company."""
    return Background((), np.zeros(0, dtype=np.float32), np.zeros((0, 1), dtype=np.float32), 1.0, {})


def load_background(path: Path) -> Background:
    """Read a file of `Background.to_bytes`; an absent file is `nothing_known`. Raises PackError."""
    if not path.exists():
        return nothing_known()
    try:
        arrays = arrays_of(path.read_bytes())
        return Background(
            words=tuple(bytes(arrays["words"]).decode().split("\n")),
            idf=arrays["idf"],
            places=arrays["places"].astype(np.float32),
            unseen=float(arrays["unseen"][0]),
            telling=dict(zip(bytes(arrays["phrases"]).decode().split("\n"), arrays["telling"].tolist(), strict=True)),
        )
    except (OSError, ValueError, KeyError) as error:
        raise PackError("cannot read the background", str(path), str(error)) from error


def fit_background(texts: Sequence[Text], others: Sequence[Text], cues: CueIndex) -> Background:
    """Word frequencies and latent semantics of `texts`; how telling cues are from `others`, stories of other fields."""
    reader = Reader(cues)
    reading = reader.read(texts)
    counts = word_weights(reading, np.ones(len(reader.plains), dtype=np.float32))
    frequency = np.bincount(counts.indices, minlength=len(reader.plains))
    idf = (np.log((1 + reading.windows) / (1 + frequency)) + 1).astype(np.float32)
    common = sorted(np.argsort(-frequency, kind="stable")[:MOST_WORDS], key=lambda slot: reader.plains[slot])
    kept = [slot for slot in common if frequency[slot] >= LEAST_TEXTS]
    weighted = word_weights(reading, idf)[:, kept]
    svd = TruncatedSVD(DIMENSIONS, n_iter=7, random_state=0).fit(weighted)
    unseen = float(np.log((1 + reading.windows) / 2) + 1)
    return Background(
        tuple(reader.plains[slot] for slot in kept),
        idf[kept],
        svd.components_.T.astype(np.float32),
        unseen,
        _telling(others, cues),
    )


def _telling(others: Sequence[Text], cues: CueIndex) -> dict[str, float]:
    reading = Reader(cues).read(others)
    hits = reading.hits
    once = np.unique(np.stack([reading.owner[hits.row], hits.phrase]), axis=1)[1]
    frequency = np.bincount(once, minlength=len(cues.phrases))
    telling = 1 - np.log1p(frequency) / np.log1p(len(others))
    return {phrase: round(float(value), 3) for phrase, value in zip(cues.phrases, telling, strict=True)}


def first_half(identity: str) -> bool:
    """Whether a real text may inform numbers; the other half is for measuring."""
    return hashlib.sha256(identity.encode()).digest()[0] % 2 == 0


def real_texts(folder: Path, pattern: str) -> Iterable[Text]:
    """Texts of the informing half of a folder's files of JSON lines."""
    for file in sorted(folder.glob(pattern)):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if "text" in row and first_half(row["id"]):
                yield Text(row["id"], row["title"], row["text"])


def main(arguments: Sequence[str]) -> int:
    """Write the background numbers of a folder's texts to a file."""
    folder, out = map(Path, arguments)
    texts, others = list(real_texts(folder, "*.jsonl")), list(real_texts(folder, "negatives*.jsonl"))
    background = fit_background(texts, others, CueIndex(load_pack().taxonomy))
    out.write_bytes(background.to_bytes())
    print(f"{len(background.words)} words, {out.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
