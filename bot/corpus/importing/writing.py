"""A compilation as the text of its corpus files; what the loader reads back is the same.

The formats are told by bot/corpus/compilation.py and bot/corpus/article.py. Here they are
only written, for the eye too: quotations as literal blocks, one paragraph a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from bot.corpus.compilation import COMPILATION_FILE, QUOTES_FILE
from bot.model import Article, Compilation, Quote, Section

_ESCAPED_IN_LEAD = tuple("#>-\\")
_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 40


class _Block(str):
    """Text that is written as a literal block."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """YAML with literal blocks for `_Block`, lists of words on one line."""


def _block(dumper: yaml.SafeDumper, text: _Block) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style="|")


def _words(dumper: yaml.SafeDumper, words: tuple[str, ...]) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", words, flow_style=True)


_Dumper.add_representer(_Block, _block)
_Dumper.add_representer(tuple, _words)


def compilation_files(
    compilation: Compilation, slug: Callable[[str], str] = lambda _: "article"
) -> Mapping[str, str]:
    """The files of a compilation: path within its directory to text.

    `slug` makes of an article's title what its file is named after (`pu-ju-wei-lai`); all but
    a-z, 0-9 and hyphens is taken out.
    """
    files = {
        COMPILATION_FILE: imprint_text(compilation),
        QUOTES_FILE: "\n".join(_yaml([_quote(one)]) for one in compilation.quotes),
    }
    for article in compilation.articles:
        name = _SLUG.sub("-", slug(article.title).lower())[:_LONGEST_SLUG].strip("-") or "article"
        files[f"articles/{article.id[-2:]}-{name}.md"] = article_text(article)
    return files


def imprint_text(compilation: Compilation) -> str:
    """The text of compilation.yaml."""
    return _yaml(
        {
            "title": compilation.title,
            "publisher": compilation.publisher,
            "issued": str(compilation.issued),
            "theme": compilation.theme,
            "topics": list(compilation.topics),
        }
    )


def _yaml(value: Any) -> str:
    return yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**9, indent=2
    )


def _quote(quote: Quote) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": quote.id, "date": quote.said_on.isoformat()}
    if quote.until:
        fields["until"] = quote.until.isoformat()
    fields |= {"occasion": quote.occasion, "topics": quote.topics, "text": _Block(quote.text)}
    return fields


def article_text(article: Article) -> str:
    """The text of an article's file."""
    front = {
        "id": article.id,
        "title": article.title,
        "author": article.author,
        "role": article.role,
        "source": article.source,
        "published": str(article.published),
        "topics": article.topics,
    }
    body = "\n\n".join(piece for one in article.sections for piece in _section(one))
    return f"---\n{_yaml(front)}---\n\n{body}\n"


def _section(section: Section) -> Iterator[str]:
    yield f"{'#' * (section.depth + 1)} {section.title}"
    yield from (_escaped(line) for line in section.digest.split("\n") if line)
    if section.excerpt:
        yield f"> {section.excerpt}"
    if section.original:
        yield "---"
        yield from _escaped_all(section.original)


def _escaped_all(paragraphs: Sequence[str]) -> Iterator[str]:
    return (_escaped(one) for one in paragraphs)


def _escaped(text: str) -> str:
    """A paragraph whose first character would be read as a mark, with a backslash before it."""
    return "\\" + text if text.startswith(_ESCAPED_IN_LEAD) else text
