"""Count kinds of characters in many texts at once, by arrays: a loop over characters costs ten times as much."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LOWER, UPPER, DIGIT, SPACE, STOP, COMMA, OTHER, RULE, QUOTE, ELLIPSIS, COLON, OWNER = range(12)
KINDS = 12
END = 0x2FFF


def _table() -> npt.NDArray[np.int8]:
    """The kind of each of the first 12,288 code points; beyond them (CJK and the like) all count as lower case."""
    table = np.full(END + 1, OTHER, dtype=np.int8)
    for code in range(END + 1):
        character = chr(code)
        if character.isupper():
            table[code] = UPPER
        elif character.isalpha():
            table[code] = LOWER
        elif character.isdigit():
            table[code] = DIGIT
        elif character.isspace():
            table[code] = SPACE
    for kind, characters in (
        (STOP, ".!?"), (COMMA, ",;"), (RULE, "|•·»›→<>/–—+*#"), (QUOTE, "\"'“”‘’«"), (ELLIPSIS, "…"), (COLON, ":"),
        (OWNER, "©®@"),
    ):  # fmt: skip
        for character in characters:
            table[ord(character)] = kind
    table[END] = LOWER
    return table


TABLE = _table()


def shapes(texts: list[str]) -> dict[str, Floats]:
    """Counts and shares of character kinds for each text, and the kinds it begins and ends with. No text is empty."""
    joined = "\n".join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    kinds = TABLE[np.minimum(codes, END)]
    sizes = np.array([len(text) for text in texts], dtype=np.intp)
    starts = np.concatenate(([0], np.cumsum(sizes + 1)[:-1]))
    ends = starts + sizes - 1

    def count(where: npt.NDArray[np.bool_]) -> Floats:
        # The separator before each next text is a blank of no kind that is counted here, except SPACE.
        return np.add.reduceat(where, starts, dtype=np.intp).astype(np.float64)

    # All kinds at once: one number for each text with each kind.
    of_text = np.repeat(np.arange(len(texts)) * KINDS, sizes + 1)[:-1]
    table = np.bincount(of_text + kinds, minlength=len(texts) * KINDS).reshape(-1, KINDS).T.astype(np.float64)
    begins = np.ones(len(kinds), dtype=bool)
    begins[1:] = kinds[:-1] == SPACE
    words = count(begins & (kinds != SPACE))
    letters = table[UPPER] + table[LOWER]
    safe_words, safe_size = np.maximum(words, 1), np.maximum(sizes, 1)
    closes = np.zeros(len(kinds), dtype=bool)
    closes[:-1] = (kinds[:-1] == STOP) & ((kinds[1:] == SPACE) | (kinds[1:] == QUOTE))
    closes[-1] = kinds[-1] == STOP
    first, last = kinds[starts], kinds[ends]
    before_last = kinds[np.maximum(ends - 1, starts)]
    commas = table[COMMA]
    return {
        "words": words,
        "size": sizes.astype(np.float64),
        "word_length": letters / safe_words,
        "letters": letters / safe_size,
        "capitalised": count((kinds == UPPER) & begins) / safe_words,
        "upper": table[UPPER] / np.maximum(letters, 1),
        "digits": table[DIGIT] / safe_size,
        "sentences": count(closes),
        "commas": commas,
        "comma_share": commas / safe_words,
        "rules": table[RULE],
        "quotes": table[QUOTE],
        "ellipses": table[ELLIPSIS],
        "colons": table[COLON],
        "owners": table[OWNER],
        "first": first.astype(np.float64),
        "last": last.astype(np.float64),
        "stopped": ((last == STOP) | ((last == QUOTE) & (before_last == STOP))).astype(np.float64),
    }
