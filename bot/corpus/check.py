"""Rules that no single entry of a file can tell.

Here live the forms of ids, the agreement of ids, dates, months and file names, and that no
id is used twice. What a file must look like is told by its format; nothing here reads a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from bot.corpus.notes import BLANK_DATE, BLANK_PARTIAL, Placed, shown
from bot.errors import Mistake
from bot.model import Article, PartialDate, Quote

ARTICLE_FILE = re.compile(r"([0-9]{2})-[a-z0-9]+(?:-[a-z0-9]+)*\.md")

COMPILATION_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MONTH_OF_ID = re.compile(r"([0-9]{4}-[0-9]{2})(?:-|$)")
_QUOTE_ID = re.compile(r"q-([0-9]{4}-[0-9]{2}-[0-9]{2})(?:-(?:[2-9]|[1-9][0-9]+))?")
_ARTICLE_ID = re.compile(r"a-([0-9]{4}-[0-9]{2})-([0-9]{2})")


def check_compilation_id(name: str, issued: PartialDate, file: str, line: int) -> Iterator[Mistake]:
    """The name of a compilation's directory, against the month of issue at `file:line`."""
    if not COMPILATION_ID.fullmatch(name):
        yield Mistake(
            file,
            1,
            f"the directory is named {shown(name)}",
            "expected lower-case letters and digits parted by hyphens, "
            "such as 2026-04-future-industries",
        )
    month = _MONTH_OF_ID.match(name)
    if month and issued != BLANK_PARTIAL and month[1] != str(issued):
        yield Mistake(
            file,
            line,
            f"'issued' is {issued} but the directory is named {shown(name)}",
            "expected the same month",
        )


def check_quote(placed: Placed[Quote], issued: PartialDate) -> Iterator[Mistake]:
    """One quotation's id and date; `issued` may be blank."""
    quote, file, line = placed.value, placed.file, placed.line
    match = _QUOTE_ID.fullmatch(quote.id)
    if quote.id and not match:
        yield Mistake(
            file,
            line,
            f"the id is {shown(quote.id)}",
            "expected q-YYYY-MM-DD, then -2, -3 … where one date has several",
        )
    if quote.said_on == BLANK_DATE:
        return
    if match and match[1] != quote.said_on.isoformat():
        yield Mistake(
            file,
            line,
            f"the id {quote.id} does not carry the date {quote.said_on}",
            f"expected q-{quote.said_on}",
        )
    if quote.until and quote.until <= quote.said_on:
        wrong = f"'until' is {quote.until}, which is not after the date {quote.said_on}"
        yield Mistake(file, line, wrong, "expected the last of several days, or no 'until'")
    if issued != BLANK_PARTIAL and quote.said_on > issued.last_on:
        yield Mistake(
            file,
            line,
            f"the date {quote.said_on} of {shown(quote.id)} is after the month of issue",
            f"expected {issued.last_on} at the latest",
        )


def check_article(placed: Placed[Article], issued: PartialDate) -> Iterator[Mistake]:
    """One article's id, file name and publication date; `issued` may be blank."""
    article, file, line = placed.value, placed.file, placed.line
    match = _ARTICLE_ID.fullmatch(article.id)
    if article.id and not match:
        yield Mistake(
            file,
            line,
            f"the id is {shown(article.id)}",
            "expected a-YYYY-MM-NN: the month of issue and the article's number",
        )
    named = ARTICLE_FILE.fullmatch(PurePath(file).name)
    if match and named and match[2] != named[1]:
        yield Mistake(
            file,
            line,
            f"the id {article.id} has the number {match[2]} and the file {named[1]}",
            "expected the same number",
        )
    if issued == BLANK_PARTIAL:
        return
    if match and match[1] != str(issued):
        yield Mistake(
            file,
            line,
            f"the id {article.id} does not carry the month of issue",
            f"expected a-{issued}-{match[2]}",
        )
    if article.published != BLANK_PARTIAL and article.published.first_on > issued.last_on:
        yield Mistake(
            file,
            line,
            f"published {article.published}, which is after the month of issue",
            f"expected {issued} at the latest",
        )


def check_unique(placed: Iterable[Placed[str]]) -> Iterator[Mistake]:
    """No id twice, in whatever file; the later place is the mistake."""
    first: dict[str, Placed[str]] = {}
    for one in sorted(placed, key=lambda one: (one.file, one.line)):
        if not one.value:
            continue
        earlier = first.setdefault(one.value, one)
        if earlier is not one:
            yield Mistake(
                one.file,
                one.line,
                f"the id {shown(one.value)} is used twice",
                f"expected an id of its own (see {earlier.file}:{earlier.line})",
            )
