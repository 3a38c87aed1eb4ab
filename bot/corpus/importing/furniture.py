"""Pages without what the printer put on every one of them: page numbers and running heads.

A page number is the first or last line of a page and nothing but a number, or a line with
dashes or words about it anywhere (which ends the page where no break is marked). A running
head is a first or last line that three pages share, or all but the cover, numbers aside; where
it is also a heading of the text, its first appearance stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.corpus.importing.report import Remarks, cited
from bot.corpus.importing.source import Line, Page
from bot.corpus.importing.wording import squeeze
from bot.model import Repair

_DRESSED_NUMBER = re.compile(
    r"\s*(?:[-—–―─·•~～\-－|/]+\s*\d{1,4}\s*[-—–―─·•~～\-－|/]+"
    r"|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|[Pp]age\s*\d{1,4}|\d{1,4}\s*/\s*\d{1,4})\s*$"
)
_BARE_NUMBER = re.compile(r"\s*\d{1,4}\s*$")
_NUMBER = re.compile(r"\d+")
_SHARED_BY = 3
_LONGEST_HEAD = 60
_EDGE_LINES = 1
_SHORTEST_TITLE = 6


def without_furniture(pages: Sequence[Page], remarks: Remarks) -> tuple[Page, ...]:
    """The pages without page numbers and running heads; what was dropped is in `remarks`."""
    numbered = [part for page in pages for part in _parted(page, remarks)]
    numbered = [_without_number(page, remarks, one_page=len(numbered) == 1) for page in numbered]
    return tuple(_without_heads(numbered, remarks))


def _parted(page: Page, remarks: Remarks) -> Iterator[Page]:
    """A page parted where page numbers stand in it."""
    lines: list[Line] = []
    for line in page:
        if not _DRESSED_NUMBER.match(line.text):
            lines.append(line)
            continue
        _note_number(line, remarks)
        if lines and line is not page[-1]:
            yield tuple(lines)
            lines = []
    yield tuple(lines)


def _without_number(page: Page, remarks: Remarks, *, one_page: bool) -> Page:
    for at in (-1, 0):
        if page and not one_page and _BARE_NUMBER.match(page[at].text) and not page[at].level:
            _note_number(page[at], remarks)
            page = page[:-1] if at else page[1:]
    return page


def _note_number(line: Line, remarks: Remarks) -> None:
    remarks.repair(Repair.PAGE_NUMBER_DROPPED, line.number, f"page number {cited(line.text)}")


def _key(line: Line) -> str:
    return _NUMBER.sub("", squeeze(line.text))


def _edges(page: Page) -> Iterable[Line]:
    """The first and last lines, where running heads stand."""
    return dict.fromkeys((*page[:_EDGE_LINES], *page[-_EDGE_LINES:]))


def _without_heads(pages: Sequence[Page], remarks: Remarks) -> Iterator[Page]:
    shared = Counter(
        key
        for page in pages
        for key in {_key(line) for line in _edges(page) if len(line.text) <= _LONGEST_HEAD}
    )
    enough = min(_SHARED_BY, max(2, sum(map(bool, pages[1:]))))
    # A line that ends a sentence, or an attribution, may well stand on three pages.
    heads = {
        key
        for key, count in shared.items()
        if count >= enough and key and key[-1] not in "。！？；，、：）)”" and key[0] not in "—-–"
    }
    kept: set[str] = set()
    first_keys = _first_keys(pages)
    for at, page in enumerate(pages):
        edges = set(_edges(page))
        lines = []
        for line in page:
            key = _key(line)
            if key not in heads or line not in edges:
                lines.append(line)
            elif key not in kept and (at == 0 or line.level or _is_title(key, first_keys)):
                kept.add(key)
                lines.append(line)
            else:
                text = f"running head {cited(line.text)}"
                remarks.repair(Repair.RUNNING_HEAD_DROPPED, line.number, text)
        if lines and page and lines[0] is not page[0]:
            lines[0] = replace(lines[0], follows_gap=True)
        yield tuple(lines)


def _first_keys(pages: Sequence[Page]) -> str:
    """What stands on the cover and on the contents page, for knowing titles by."""
    lines = list(pages[0]) if pages else []
    for page in pages[1:2]:
        edges = set(_edges(page))
        lines += [line for line in page if line not in edges]
    return "\n".join(map(_key, lines))


def _is_title(key: str, first_keys: str) -> bool:
    """Whether a running head is also a title: the contents page has it, or it is in brackets."""
    return key.startswith(("【", "[")) or (len(key) >= _SHORTEST_TITLE and key in first_keys)
