"""The booklet takes its place in a corpus: ids, and what is known of it already.

Ids stay for ever, so they are taken over before any is made: a quotation of the version before
keeps its id when its date is the same and its text nearly, an article when its title is. What
is made is free in the whole corpus. From the version before come also what no booklet
prints: digests, excerpts, topics and the theme. Everything printed is the booklet's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.corpus.check import COMPILATION_ID
from bot.corpus.importing.articles import PrintedArticle
from bot.corpus.importing.booklet import Booklet, read_booklet
from bot.corpus.importing.doubts import doubt_near, is_near
from bot.corpus.importing.headings import Part
from bot.corpus.importing.quotations import PrintedQuote
from bot.corpus.importing.report import Remarks, cited
from bot.corpus.importing.source import Source
from bot.corpus.importing.wording import squeeze
from bot.errors import StudybotError
from bot.model import Article, Compilation, Corpus, Doubt, PartialDate, Quote, Report, Section

NO_TITLE, NO_PUBLISHER, NO_SOURCE = "未题名", "未署名", "未注明出处"

_MONTH_OF_ID = re.compile(r"(\d{4})-(\d{2})(?:-|$)")
_THEMES = (
    re.compile(r"关于(.{2,20}?)的?(?:重要)?(?:论述|讲话|指示)"),
    re.compile(r"《([^》]{2,20})》"),
)


class UnfitIdError(StudybotError):
    """An id that no compilation can have."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An import that is ready to be installed: nothing has been written yet.

    `is_known`: a compilation of this id is in the corpus already, and this replaces it.
    """

    compilation: Compilation
    report: Report
    is_known: bool


def draft(source: Source, known: Corpus, *, compilation_id: str = "") -> Draft:
    """Read a booklet for a corpus in which `known` is in force (Corpus((), "") for none).

    Without an id it is that of the known compilation of the same month and title, else the
    month of issue, `YYYY-MM`, with `-2`, `-3` … where that is taken. Raises
    UnreadableSourceError where nothing of a booklet is found, UnfitIdError for such an id.
    """
    if compilation_id and not COMPILATION_ID.fullmatch(compilation_id):
        raise UnfitIdError(
            f"{compilation_id} is no id; expected lower-case letters and digits parted by "
            "hyphens, such as 2026-05-digital-economy"
        )
    remarks = Remarks()
    booklet, counts = read_booklet(source, remarks)
    issued = booklet.cover.issued or _month_of(compilation_id) or _latest_month(booklet)
    title = booklet.cover.title or NO_TITLE
    chosen = compilation_id or _id_for(title, issued, known)
    before = known.compilation(chosen)
    others = [one for one in known.compilations if one.id != chosen]
    repeated = doubt_near(
        booklet.quotes, [quote for other in others for quote in other.quotes], remarks
    )
    compilation = Compilation(
        id=chosen,
        title=before.title if before and squeeze(before.title) == squeeze(title) else title,
        publisher=booklet.cover.publisher or NO_PUBLISHER,
        issued=issued,
        theme=before.theme if before else _theme_of(title),
        topics=before.topics if before else (),
        quotes=tuple(_quotes(booklet.quotes, chosen, before, others)),
        articles=tuple(_articles(booklet.articles, chosen, issued, before, others, remarks)),
    )
    report = remarks.report(replace(counts, repeated_quotes=repeated))
    return Draft(compilation, report, before is not None)


def _month_of(compilation_id: str) -> PartialDate | None:
    found = _MONTH_OF_ID.match(compilation_id)
    return PartialDate(int(found[1]), int(found[2])) if found else None


def _latest_month(booklet: Booklet) -> PartialDate:
    """The month of the latest date in a booklet that does not tell its own."""
    days = [quote.said_on for quote in booklet.quotes]
    days += [one.published.first_on for one in booklet.articles if one.published]
    latest = max(days) if days else None
    return PartialDate(latest.year, latest.month) if latest else PartialDate(1, 1)


def _id_for(title: str, issued: PartialDate, known: Corpus) -> str:
    same_month = [one for one in known.compilations if one.issued == issued]
    for one in same_month:
        if squeeze(one.title) == squeeze(title):
            return one.id
    return _free(str(issued), {one.id for one in known.compilations})


def _theme_of(title: str) -> str:
    for pattern in _THEMES:
        found = pattern.search(title)
        if found:
            return found[1]
    return title


def _free(wished: str, taken: set[str]) -> str:
    """The id wished for, or with the first of `-2`, `-3` … that is free."""
    number, chosen = 1, wished
    while chosen in taken:
        number += 1
        chosen = f"{wished}-{number}"
    return chosen


def _quotes(
    printed: Sequence[PrintedQuote],
    compilation_id: str,
    before: Compilation | None,
    others: Sequence[Compilation],
) -> Iterator[Quote]:
    same = _same_quotes(printed, before.quotes if before else ())
    taken = {quote.id for one in others for quote in one.quotes}
    taken |= {quote.id for quote in before.quotes} if before else set()
    for at, one in enumerate(printed):
        old = same.get(at)
        chosen = old.id if old else _free(f"q-{one.said_on}", taken)
        taken.add(chosen)
        yield Quote(
            id=chosen,
            compilation_id=compilation_id,
            said_on=one.said_on,
            occasion=one.occasion,
            text=one.text,
            topics=tuple(topic for topic in old.topics if topic in one.text) if old else (),
            until=one.until,
        )


def _same_quotes(printed: Sequence[PrintedQuote], before: Sequence[Quote]) -> dict[int, Quote]:
    """For each quotation printed, the one of the version before that it is."""
    same: dict[int, Quote] = {}
    by_day: dict[object, list[Quote]] = {}
    for quote in before:
        by_day.setdefault(quote.said_on, []).append(quote)
    for exactly in (True, False):
        for at, one in enumerate(printed):
            left = by_day.get(one.said_on, [])
            for quote in left if at not in same else ():
                if quote.text == one.text if exactly else is_near(quote.text, one.text):
                    same[at] = quote
                    left.remove(quote)
                    break
    return same


def _articles(
    printed: Sequence[PrintedArticle],
    compilation_id: str,
    issued: PartialDate,
    before: Compilation | None,
    others: Sequence[Compilation],
    remarks: Remarks,
) -> Iterator[Article]:
    known = {squeeze(one.title): one for one in (before.articles if before else ())}
    taken = {one.id for other in others for one in other.articles}
    taken |= {one.id for one in known.values()}
    number = 0
    for one in printed:
        old = known.pop(squeeze(one.title), None)
        if old is None:
            number += 1
            while f"a-{issued}-{number:02d}" in taken:
                number += 1
        chosen = old.id if old else f"a-{issued}-{number:02d}"
        yield _article(one, chosen, compilation_id, issued, old, remarks)


def _article(
    printed: PrintedArticle,
    article_id: str,
    compilation_id: str,
    issued: PartialDate,
    old: Article | None,
    remarks: Remarks,
) -> Article:
    published = printed.published or PartialDate(issued.year)
    if published.first_on > issued.last_on:
        text = (
            f"{cited(printed.title)} is of {published}, after the month of issue; kept as {issued}"
        )
        remarks.doubt(Doubt.DATE_AFTER_ISSUE, printed.line, text)
        published = issued
    source = printed.source or NO_SOURCE
    if old and squeeze(old.source) == squeeze(source):
        source = old.source
    sections = {squeeze(one.title): one for one in old.sections} if old else {}
    return Article(
        id=article_id,
        compilation_id=compilation_id,
        title=printed.title,
        author=printed.author,
        role=printed.post,
        source=source,
        published=published,
        sections=tuple(
            _section(part, f"{article_id}.{number}", sections.get(squeeze(part.title)))
            for part, number in zip(printed.parts, _numbers(printed.parts), strict=True)
        ),
        topics=old.topics if old else (),
    )


def _numbers(parts: Sequence[Part]) -> Iterator[str]:
    """`0` for 引言, then `1`, `1.1`, `1.2`, `2` …: as the loader counts them."""
    section = sub_section = 0
    for at, part in enumerate(parts):
        if part.depth > 1:
            sub_section += 1
            yield f"{section}.{sub_section}"
            continue
        section, sub_section = section + (at > 0 or part.title != "引言"), 0
        yield f"{section}"


def _section(part: Part, section_id: str, old: Section | None) -> Section:
    return Section(
        id=section_id,
        title=part.title,
        depth=part.depth,
        digest=old.digest if old else "",
        excerpt=old.excerpt if old else "",
        original=tuple(one.text for one in part.paragraphs),
    )
