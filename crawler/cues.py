"""Headings after which a page goes on to other things: related texts, comments, the author, sharing, sources."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from crawler.rolling import last_index

LONGEST = 60
KINDS = ("related", "comments", "author", "sharing", "sources")
# Most texts are told apart by their first three letters, before the pattern is tried. Both are for lower-case texts:
# to match without regard to case takes three times as long.
STARTS = re.compile(
    r"rel|mor|you|rec|tre|mos|edi|pop|lat|top|rea|see|nex|als|fur|don|exp|dis|ähn|wei|das|meh|lir|com|lea|joi|pos|add"
    r"|wri|can|rep|kom|abo|aut|mee|the|übe|sha|tag|cat|fil|fol|new|sig|sub|get|sta|pri|ema|con|med|sou|ref|cit|bib|foo"
    r"|wor|ext|key|up |à l|e-m|\W|\d"
)
CUE = re.compile(
    r"""(?x) \W* (?:
      (?P<related> related\b.{0,25} | more\s+(?:on\s+this|from|stories|news|like\s+this|articles|posts|to\s+read|in)\b.*
        | you\s+(?:may|might)\s+(?:also\b|like|enjoy|be\s+interested).* | recommended\b.{0,20} | trending\b.{0,12}
        | (?:most|editors?.)\s*(?:read|popular|viewed|commented|picks?).* | popular\s+(?:posts|articles|stories).*
        | (?:latest|recent|top)\s+(?:news|posts|articles|stories|comments|updates).* | see\s+(?:more|also).*
        | (?:read|next)\s+(?:more|next|also|article).* | also\s+read.* | further\s+reading | up\s+next | next\s+up
        | don.t\s+miss.* | (?:explore|discover)\s+more.* | ähnliche\s.* | weitere\s.* | das\s+könnte.*
        | mehr\s+zum\s+thema | à\s+lire\s+aussi.* | lire\s+aussi.* )
    | (?P<comments> comments?\b.{0,15} | \d+\s+(?:comments?|responses|replies|thoughts\s+on)\b.* | reply
        | leave\s+a\s+(?:reply|comment).* | join\s+the\s+(?:conversation|discussion).* | kommentare?\b.*
        | (?:post|add|write)\s+a\s+comment.* | cancel\s+reply )
    | (?P<author> about\s+(?:the\s+)?(?:author|writer|me|us)s? | author\s+bio.* | meet\s+the\s+author.*
        | written\s+by.* | the\s+author | about\s+\w.{0,40} | über\s+(?:den|die)\s+autor.* )
    | (?P<sharing> share\b.{0,25} | tags?\b:? | topics?:? | categor(?:y|ies):? | filed\s+under.* | posted\s+in.*
        | follow\s+us.* | newsletters?\b.{0,20} | (?:sign\s+up|subscribe)\b.* | get\s+the\s+latest.* | join\s+our.*
        | stay\s+(?:informed|updated|connected|in).* | print | e-?mail | (?:media\s+)?contacts?:? | source:?\s.* )
    | (?P<sources> references?\b.{0,14} | sources? | citations?:? | bibliography | footnotes | works\s+cited
        | external\s+links | get\s+access.* | keywords?:?\b.* )
    ) \W*"""
)


def cue_columns(texts: Sequence[str], depth: npt.NDArray[np.float64]) -> dict[str, npt.NDArray[np.float64]]:
    """For each kind of cue how many texts ago one stood, and how much deeper than it a text lies; NaN before any."""
    count = len(texts)
    found = np.zeros((len(KINDS), count), dtype=bool)
    code = np.zeros(count)
    for at, text in enumerate(texts):
        lower = text.lower() if len(text) <= LONGEST else ""
        if lower and STARTS.match(lower):
            match = CUE.fullmatch(lower)
            if match is not None and match.lastgroup:
                number = KINDS.index(match.lastgroup)
                found[number, at] = True
                code[at] = number + 1
    last = last_index(found)
    known = last >= 0
    ago = np.where(known, np.arange(count) - last, np.nan)
    deeper = np.where(known, depth - depth[np.maximum(last, 0)], np.nan)
    columns = {"cue": code}
    for row, kind in enumerate(KINDS):
        columns[f"cue_{kind}_ago"] = ago[row]
        columns[f"cue_{kind}_depth"] = deeper[row]
    return columns
