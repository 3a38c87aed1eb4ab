"""The format of a study booklet, and its reading, from a file's pages to all its parts.

A booklet, as the publisher sets it and recognition reads it, is this:

    (cover and contents page)
    ### 深入学习习近平总书记 关于未来产业的重要论述      title, broken where the line was full
    #### 【重要论述】                                a part
    习近平总书记关于未来产业的重要论述 30 则…………（1）     its title, number of quotations, page
    #### 【学习参考】
    - 加快推进人工智能赋能新型工业化                     an article: title,
    ……………李乐成（24）                                dots, author, page
    中共江苏省委宣传部                                publisher
    2026 年 4 月                                   month of issue
    ---                                           a page ends
    ## 【重要论述】
    # 习近平总书记关于未来产业的重要论述 30 则
    要抓住……取得更多实                               a page may end within a sentence
    ---
    质性、突破性、系统性成果……贡献经验。
    ——在浙江考察时强调（2020年4月1日）                 every quotation ends with its attribution
    …
    ## 【学习参考】
    # 加快推进人工智能赋能新型工业化                     title
    李乐成                                         author
    人工智能是……                                    what stands before the first heading
    ## 一、学深悟透……                                headings; their marks tell nothing of depth
    ### **三、奋力谱写……**
    （五）强大的制造能力……                             one whose mark was lost
    （选自《党建》杂志 2025 年第 11 期，作者系……部长）     source and the author's post

The part marks and the contents page may be missing: then the quotations are what ends with
attributions, the articles what ends with sources. Each stage's own forms are told in its
file; here they are only put in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.corpus.importing.articles import PrintedArticle, read_articles, with_author
from bot.corpus.importing.cover import (
    Cover,
    doubt_entries,
    is_quotes_title,
    promised,
    read_cover,
)
from bot.corpus.importing.doubts import doubt_text
from bot.corpus.importing.furniture import without_furniture
from bot.corpus.importing.marks import (
    ARTICLES_PART,
    contents_entry,
    part_of,
    part_run_in,
    read_attribution,
)
from bot.corpus.importing.paragraphs import Paragraph, is_prose, paragraphs_of
from bot.corpus.importing.quotations import PrintedQuote, read_quotations
from bot.corpus.importing.report import Remarks
from bot.corpus.importing.source import Source, UnreadableSourceError
from bot.model import Counts, Doubt


@dataclass(frozen=True, slots=True)
class Booklet:
    """A booklet as printed, all of it, before it has a place in a corpus."""

    cover: Cover
    quotes: tuple[PrintedQuote, ...]
    articles: tuple[PrintedArticle, ...]


def read_booklet(source: Source, remarks: Remarks) -> tuple[Booklet, Counts]:
    """The booklet in a file's pages, and its counts; repairs and doubts go to `remarks`.

    Raises UnreadableSourceError where no quotation is found: the corpus has no place for a
    compilation without one.
    """
    remarks.repairs += source.remarks
    pages = without_furniture(source.pages, remarks)
    paragraphs = paragraphs_of(source, pages, remarks)
    head, quotes_part, articles_part = _parts(paragraphs)
    body = "\n".join(one.text for one in paragraphs[len(head) :])
    cover = read_cover(head, body, remarks)
    quotes = read_quotations(quotes_part, cover.issued, remarks)
    articles = read_articles(articles_part, cover.entries, remarks, levels_tell=source.levels_tell)
    if not quotes:
        raise UnreadableSourceError(
            "no quotation with its attribution, ——在…上的讲话（2024年3月5日）, is in the file"
        )
    doubt_text(quotes, articles, remarks)
    doubt_entries(cover.entries, [one.title for one in articles], remarks)
    counts = _counts(source, cover, quotes_part, quotes, articles, remarks)
    return Booklet(cover, quotes, tuple(with_author(one) for one in articles)), counts


def _parts(
    paragraphs: Sequence[Paragraph],
) -> tuple[Sequence[Paragraph], Sequence[Paragraph], Sequence[Paragraph]]:
    """Cover, quotations and articles, without the lines that mark the parts.

    The cover ends before the last part mark or title of quotations that text follows.
    """
    first_text = next(
        (at for at, one in enumerate(paragraphs) if _is_text(one.text)), len(paragraphs)
    )
    start = first_text
    while start and contents_entry(paragraphs[start - 1].text) is None:
        start -= 1
        mark = part_of(paragraphs[start].text)
        if mark or is_quotes_title(paragraphs[start].text):
            if start and not mark and part_of(paragraphs[start - 1].text):
                continue
            break
    else:
        start = _after_cover(paragraphs, first_text)
    rest = paragraphs[start:]
    articles_at = next(
        (at for at, one in enumerate(rest) if part_of(one.text) == ARTICLES_PART), None
    )
    if articles_at is None:
        articles_at = _after_last_attribution(rest)
    quotes = [one for one in rest[:articles_at] if part_of(one.text) is None]
    articles = [one for one in rest[articles_at:] if part_of(one.text) is None]
    return paragraphs[:start], quotes, articles


def _is_text(text: str) -> bool:
    """Whether a paragraph stands behind the cover: prose, or an attribution."""
    return is_prose(text) or read_attribution(text) is not None


def _after_cover(paragraphs: Sequence[Paragraph], first_text: int) -> int:
    """Where the text begins when no part is marked: at the page of its first paragraph."""
    page = paragraphs[first_text].page if first_text < len(paragraphs) else 0
    start = first_text
    while (
        start
        and paragraphs[start - 1].page == page
        and contents_entry(paragraphs[start - 1].text) is None
    ):
        start -= 1
    return start


def _after_last_attribution(rest: Sequence[Paragraph]) -> int:
    attributed = [
        at
        for at, one in enumerate(rest)
        if read_attribution(one.text) is not None or part_run_in(one.text) is not None
    ]
    return attributed[-1] + 1 if attributed else 0


def _counts(
    source: Source,
    cover: Cover,
    quotes_part: Sequence[Paragraph],
    quotes: Sequence[PrintedQuote],
    articles: Sequence[PrintedArticle],
    remarks: Remarks,
) -> Counts:
    """The counts, and a doubt where they are not those that the booklet promises."""
    titles = [one for one in quotes_part[:4] if is_quotes_title(one.text)]
    said = promised(titles[0].text) if titles else None
    line = titles[0].line if titles else 0
    for number in dict.fromkeys(each for each in (said, cover.quotes_promised) if each):
        if number != len(quotes):
            text = f"{number} quotations are promised, {len(quotes)} were read"
            remarks.doubt(Doubt.QUOTE_COUNT, line, text)
    named = len(cover.entries) or None
    if named is not None and named != len(articles):
        text = f"{named} articles are on the contents page, {len(articles)} were read"
        remarks.doubt(Doubt.ARTICLE_COUNT, cover.entries[0].line, text)
    parts = [part for article in articles for part in article.parts]
    return Counts(
        pages=len(source.pages),
        quotes=len(quotes),
        quotes_promised=said or cover.quotes_promised,
        articles=len(articles),
        articles_promised=named,
        sections=len(parts),
        paragraphs=sum(len(part.paragraphs) for part in parts),
        characters=source.characters,
    )
