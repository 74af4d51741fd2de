"""Whether a text is in the pack's language; the common words of that language spare most texts a closer look."""

from __future__ import annotations

from collections.abc import Sequence

from classifier.judgement import Text
from crawler.language import language_of

# Under so many words a guess is worth nothing: the text passes for the pack's language, and it is not named.
LEAST_WORDS = 8
# Running English has 40-50 % of such words, a list of names and figures 15 %, French or German under 6 %.
ENOUGH_COMMON = 0.18
SURE = 0.8


class Tongue:
    """The language of a pack."""

    def __init__(self, language: str, common_words: frozenset[str]) -> None:
        self.language, self._common = language, common_words

    def of(self, text: Text, plains: Sequence[str]) -> tuple[str, bool]:
        """The language's code, and whether the text is surely in another than the pack's.

        `plains` are the first plain words of title and text.
        """
        sample = plains
        if len(sample) >= LEAST_WORDS:
            common = sum(word in self._common for word in sample) / len(sample)
            if common >= ENOUGH_COMMON:
                return self.language, False
        code, probability = language_of(text.whole)
        if not code or (len(sample) < LEAST_WORDS and code != self.language and text.whole.isascii()):
            return "", False
        return code, code != self.language and probability >= SURE
