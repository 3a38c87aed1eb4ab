"""The entities of a message: lengths in UTF-16, order, trimming, and those found in plain text.

Here lives what the server does to any text, however it was marked up. Reading HTML is in
html.py.
"""

from __future__ import annotations

import re
from typing import Any

Entity = dict[str, Any]

_OPAQUE = {"code", "pre", "text_link", "text_mention"}  # nothing is found inside these
_NOT_IN_ADDRESS = r"\s<>\"'，。；：！？、（）《》“”"
_OUTSIDE_WORD = r"(?<![\w/<>@.])"
_FOUND = (
    ("bot_command", re.compile(_OUTSIDE_WORD + r"/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/<>])")),
    ("mention", re.compile(r"(?<![\w@/.])@[A-Za-z0-9_]{3,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w&/])#\w{1,256}(?![\w#])")),
    ("url", re.compile(rf"(?<![\w@])https?://[^{_NOT_IN_ADDRESS}]+[^{_NOT_IN_ADDRESS}.,;:!?)]")),
)
_PRIORITY = ("blockquote", "expandable_blockquote", "pre", "code", "text_link", "text_mention")


def utf16_length(text: str) -> int:
    """The length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The piece of `text` that an entity of this offset and length (UTF-16 units) covers."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def in_order(entities: list[Entity]) -> list[Entity]:
    """Sorted as the server does: by offset, longer ones first, blocks before styles."""

    def key(entity: Entity) -> tuple[int, int, int]:
        kind = entity["type"]
        rank = _PRIORITY.index(kind) if kind in _PRIORITY else len(_PRIORITY)
        return entity["offset"], -entity["length"], rank

    return sorted(entities, key=key)


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """White space at both ends removed, entities moved; empty entities vanish."""
    body = text.lstrip()
    cut = utf16_length(text[: len(text) - len(body)])
    body = body.rstrip()
    size = utf16_length(body)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - cut)
        end = min(size, entity["offset"] + entity["length"] - cut)
        if start < end:
            kept.append({**entity, "offset": start, "length": end - start})
    return body, kept


def settled(entities: list[Entity]) -> list[Entity]:
    """Without what cannot be nested: anything in code or pre, a block quote in another."""
    kept: list[Entity] = []
    for entity in in_order(entities):
        around = [outer for outer in kept if _overlaps(outer, entity)]
        is_quote = entity["type"].endswith("blockquote")
        if any(outer["type"] in ("code", "pre") for outer in around):
            continue
        if is_quote and any(outer["type"].endswith("blockquote") for outer in around):
            continue
        kept.append(entity)
    return kept


def with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """`entities` and the commands, mentions, hashtags and addresses found in `text`."""
    found: list[Entity] = []
    closed = [entity for entity in entities if entity["type"] in _OPAQUE]
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            entity: Entity = {
                "offset": utf16_length(text[: match.start()]),
                "length": utf16_length(match[0]),
                "type": kind,
            }
            if not any(_overlaps(other, entity) for other in (*closed, *found)):
                found.append(entity)
    return in_order([*entities, *found])


def _overlaps(one: Entity, other: Entity) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"]
        and other["offset"] < one["offset"] + one["length"]
    )
