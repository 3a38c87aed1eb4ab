"""What a search answers to a program: the object of `studybot search --json`.

The format is fixed (design: "The command line is the same engine"): keys and their order,
ISO dates, null at an open end. What must not live here: Telegram, HTML, wording.
"""

from __future__ import annotations

from typing import Any

from bot.model import DateRange, Found, Hit, Passage, Query, Quote, Snippet, When

_CUT = "…"


def search_record(
    text: str, query: Query | None, found: Found | None, error: str | None = None
) -> dict[str, Any]:
    """One answer, ready for `json.dumps`.

    `text` is what was typed. For a refused query `query` and `found` are None and `error`
    is the sentence shown to people.
    """
    return {
        "query": text,
        "keywords": list(query.keywords) if query else [],
        "dates": [_when(when) for when in query.dates] if query else [],
        "total": found.total if found else 0,
        "hits": [_hit(hit) for hit in found.hits] if found else [],
        "suggestions": list(found.suggestions) if found else [],
        "error": error,
    }


def _when(when: When) -> dict[str, str | int | None]:
    if isinstance(when, DateRange):
        return {
            "start": when.start.isoformat() if when.start else None,
            "end": when.end.isoformat() if when.end else None,
        }
    return {"month": when.month, "day": when.day}


def _hit(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    date, title, author = _citation(passage)
    return {
        "id": passage.id,
        "kind": hit.kind.value,
        "date": date,
        "title": title,
        "author": author,
        "text": passage.text,
        "snippet": _plain(hit.snippet),
        "match": hit.match.value,
    }


def _citation(passage: Passage) -> tuple[str, str, str]:
    """Date as precise as known, title and author."""
    if isinstance(passage, Quote):
        return passage.said_on.isoformat(), passage.occasion, passage.author
    article = passage.article
    return str(article.published), f"{article.title} · {passage.section.title}", article.author


def _plain(snippet: Snippet) -> str:
    before = _CUT if snippet.cut_before else ""
    after = _CUT if snippet.cut_after else ""
    return f"{before}{snippet.text}{after}"
