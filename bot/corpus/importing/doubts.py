"""What a careful reader would ask about the text itself.

Here live the doubts that need the whole of a quotation or a section: marks that are opened
and not closed, paragraphs whose sentence does not end, and quotations that are nearly those of
another compilation. Nothing is changed here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import islice

from bot.corpus.importing.articles import PrintedArticle
from bot.corpus.importing.paragraphs import Paragraph
from bot.corpus.importing.quotations import PrintedQuote
from bot.corpus.importing.report import Remarks, cited
from bot.corpus.importing.wording import is_ended
from bot.model import Doubt, Quote

_PAIRS = {"“": "”", "‘": "’", "（": "）", "《": "》", "【": "】", "「": "」", "〈": "〉"}
_HALF_WIDTH = str.maketrans("()", "（）")
_OPENERS = {closing: opening for opening, closing in _PAIRS.items()}
_ENDS_OPEN = ("：", "；", "——", ":", ";", "……")

_SHINGLE = 4
_SHARED = 0.3  # of a quotation's shingles: below that it is another quotation
_NEAR = 0.6  # difflib's ratio
_MOST_DIFFERENCES = 6


def doubt_text(
    quotes: Sequence[PrintedQuote], articles: Sequence[PrintedArticle], remarks: Remarks
) -> None:
    """Doubt marks that are not closed and sentences that do not end."""
    for quote in quotes:
        _doubt_marks([Paragraph(quote.line, text, 0) for text in quote.text.split("\n")], remarks)
    for article in articles:
        for part in article.parts:
            _doubt_marks(part.paragraphs, remarks)
            for one in part.paragraphs:
                if not is_ended(one.text) and not one.text.endswith(_ENDS_OPEN):
                    text = f"a paragraph ends without a full stop: {cited(one.text[-16:])}"
                    remarks.doubt(Doubt.UNFINISHED, one.line, text)


def _doubt_marks(paragraphs: Sequence[Paragraph], remarks: Remarks) -> None:
    for at, one in enumerate(paragraphs):
        wrong = unpaired(one.text)
        if not wrong:
            continue
        following = paragraphs[at + 1].text if at + 1 < len(paragraphs) else ""
        before = paragraphs[at - 1].text if at else ""
        # A quotation of several paragraphs opens each of them and closes only the last.
        if wrong == "“" and following.startswith("“"):
            continue
        if wrong == "”" and unpaired(before) == "“":
            continue
        text = f"{wrong[0]} without its pair in {cited(one.text, 40)}"
        remarks.doubt(Doubt.UNCLOSED, one.line, text)


def unpaired(text: str) -> str:
    """The quotation marks and brackets of a text that have no pair, in order."""
    open_marks: list[str] = []
    wrong: list[str] = []
    for each in text.translate(_HALF_WIDTH):
        if each in _PAIRS:
            open_marks.append(each)
        elif each in _OPENERS:
            if open_marks and open_marks[-1] == _OPENERS[each]:
                open_marks.pop()
            else:
                wrong.append(each)
    return "".join(wrong + open_marks)


def doubt_near(quotes: Sequence[PrintedQuote], others: Sequence[Quote], remarks: Remarks) -> int:
    """Doubt quotations nearly those of another compilation; how many are word for word there."""
    having = _by_shingle(others)
    exact = 0
    for quote in quotes:
        other = _nearest(quote.text, having)
        if other is None:
            continue
        if other.text == quote.text:
            exact += 1
            continue
        differences = list(islice(_differences(other.text, quote.text), _MOST_DIFFERENCES))
        text = f"nearly {other.id} ({other.compilation_id}): {'; '.join(differences)}"
        remarks.doubt(Doubt.NEAR_DUPLICATE, quote.line, text)
    return exact


def _shingles(text: str) -> Iterator[str]:
    flat = text.replace("\n", "")
    return (flat[at : at + _SHINGLE] for at in range(max(1, len(flat) - _SHINGLE + 1)))


def _by_shingle(others: Sequence[Quote]) -> Mapping[str, list[Quote]]:
    having: defaultdict[str, list[Quote]] = defaultdict(list)
    for other in others:
        for shingle in set(_shingles(other.text)):
            having[shingle].append(other)
    return having


def _nearest(text: str, having: Mapping[str, list[Quote]]) -> Quote | None:
    """The other quotation that shares most, when it is nearly the same."""
    shingles = set(_shingles(text))
    shared: Counter[str] = Counter()
    by_id: dict[str, Quote] = {}
    for shingle in shingles:
        for other in having.get(shingle, ()):
            shared[other.id] += 1
            by_id[other.id] = other
    if not shared:
        return None
    best, count = shared.most_common(1)[0]
    other = by_id[best]
    if count < _SHARED * min(len(shingles), len(other.text)):
        return None
    return other if _ratio(other.text, text) >= _NEAR else None


def _ratio(one: str, two: str) -> float:
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _NEAR else 0.0


def is_near(one: str, two: str) -> bool:
    """Whether two texts are nearly the same, as a corrected quotation is to the one before."""
    return one == two or _ratio(one, two) >= _NEAR


def _differences(before: str, after: str) -> Iterator[str]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, at, until in matcher.get_opcodes():
        if kind == "replace":
            yield f"{cited(before[start:end])} there, {cited(after[at:until])} here"
        elif kind == "delete":
            yield f"{cited(before[start:end])} only there"
        elif kind == "insert":
            yield f"{cited(after[at:until])} only here"
