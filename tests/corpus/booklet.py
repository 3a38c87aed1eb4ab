"""The booklet as printed, read for the tests that hold the shipped corpus against it.

Here live a few lines of reading of our own. They never use the product's importer, so
that one mistake cannot be on both sides; what is asserted stands in the test files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PrintedQuote:
    said_on: date
    occasion: str
    text: str


@dataclass(frozen=True)
class PrintedSection:
    """A heading and what stands below it; `text` of a section includes its sub-sections."""

    title: str
    depth: int
    text: str

    @property
    def source(self) -> str:
        """What a digest may take its facts from."""
        return squeeze(self.title) + self.text


@dataclass(frozen=True)
class PrintedArticle:
    title: str
    author: str
    role: str
    source: str
    sections: tuple[PrintedSection, ...]

    @property
    def text(self) -> str:
        return "".join(section.text for section in self.sections if section.depth == 1)


@dataclass(frozen=True)
class Booklet:
    cover: str
    quotes: tuple[PrintedQuote, ...]
    articles: tuple[PrintedArticle, ...]


def squeeze(text: str) -> str:
    """The text without white space: what recognition put round digits says nothing."""
    return re.sub(r"\s", "", text)


def heal(text: str) -> str:
    """Take the page breaks out, and the two characters that one of them repeats."""
    text = re.sub(r"(..)\n+---\n+(?=\1)", "", text)
    text = re.sub(r"(?<![。！？”）)])\n+---\n+(?![#—])", "", text)
    return re.sub(r"\n+---\n+", "\n\n", text)


def read_booklet(text: str) -> Booklet:
    cover, quotes, *articles = re.split(r"^# ", heal(text), flags=re.MULTILINE)
    return Booklet(
        cover=cover,
        quotes=tuple(read_quotes(quotes)),
        articles=tuple(read_printed_article(article) for article in articles),
    )


def read_quotes(part: str) -> Iterator[PrintedQuote]:
    paragraphs: list[str] = []
    for line in filter(None, map(str.strip, part.splitlines()[1:])):
        closing = re.fullmatch(r"——(.+)[（(](\d+)年(\d+)月(\d+)日[）)]", line)
        if closing is None:
            paragraphs.append(line)
            continue
        occasion, *ymd = closing.groups()
        yield PrintedQuote(date(*map(int, ymd)), occasion, "\n".join(paragraphs))
        paragraphs = []


def read_printed_article(part: str) -> PrintedArticle:
    title, author, *lines = filter(None, map(str.strip, part.splitlines()))
    end = next(at for at, line in enumerate(lines) if line.startswith("（选自"))
    closing = re.fullmatch(r"（选自(.+?)(?:，作者系(.+))?）", lines[end])
    assert closing is not None, lines[end]
    blocks: list[tuple[str, list[str]]] = [("引言", [])]
    for line in lines[:end]:
        heading = read_heading(line)
        if heading:
            blocks.append((heading, []))
        else:
            blocks[-1][1].append(line)
    return PrintedArticle(
        title=title,
        author=squeeze(author),
        role=closing[2] or "",
        source=closing[1],
        sections=tuple(nest([(heading, "".join(texts)) for heading, texts in blocks])),
    )


def read_heading(line: str) -> str:
    """The heading that a line is, or nothing. One heading of the booklet lost its mark."""
    marked = re.fullmatch(r"#+ \**(.+?)\**", line)
    if marked:
        return marked[1]
    return line if re.fullmatch(r"（[一二三四五六七八九十]）[^，。；]+", line) else ""


def nest(blocks: Sequence[tuple[str, str]]) -> Iterator[PrintedSection]:
    """Give each block its depth: `（一）` stands below `一、` where an article has both."""
    has_two_levels = any(heading.startswith("一、") for heading, _ in blocks)
    depths = [2 if has_two_levels and heading[0] == "（" else 1 for heading, _ in blocks]
    for at, (heading, text) in enumerate(blocks):
        if depths[at] == 1:
            for below in range(at + 1, len(blocks)):
                if depths[below] == 1:
                    break
                text += "".join(blocks[below])
        yield PrintedSection(heading, depths[at], squeeze(text))
