"""Parts of words: hashed character n-grams, so that a word never seen still resembles its kin."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from scipy import sparse

SHORTEST, LONGEST = 3, 5
BUCKETS = 1 << 14
# Nobody writes words of this length; a line of base64 is one.
MOST_CHARACTERS = 40


def parts(word: str) -> dict[int, float]:
    """Bucket -> weight of a plain word's character n-grams with its borders; the weights have unit length."""
    framed = f"<{word[:MOST_CHARACTERS]}>"
    counted = Counter(
        crc32(framed[at : at + size].encode()) % BUCKETS
        for size in range(SHORTEST, LONGEST + 1)
        for at in range(len(framed) - size + 1)
    )
    length = math.sqrt(sum(count * count for count in counted.values())) or 1.0
    return {bucket: count / length for bucket, count in counted.items()}


def parts_matrix(words: Sequence[str]) -> sparse.csr_matrix:
    """`parts` of each word, shape (words, BUCKETS)."""
    columns: list[int] = []
    data: list[float] = []
    starts = [0]
    for word in words:
        found = parts(word)
        columns += found.keys()
        data += found.values()
        starts.append(len(columns))
    return sparse.csr_matrix(
        (np.asarray(data, dtype=np.float32), np.asarray(columns, dtype=np.int64), starts),
        shape=(len(words), BUCKETS),
    )
