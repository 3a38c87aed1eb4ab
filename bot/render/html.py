"""Telegram's HTML: escaping, the few tags we use, and cutting text at sentence borders.

Here lives what makes a plain string safe and well-formed to send. No wording.
"""

from __future__ import annotations

import html
import re

SENTENCE_ENDS = "。！？!?；;…"
CLOSERS = "”’」』）)】》〉\"'"

_SENTENCE = re.compile(rf"[^{SENTENCE_ENDS}\n]*(?:[{SENTENCE_ENDS}]+[{CLOSERS}]*\n*|\n+|$)")

_TAG = re.compile(r"</?[a-z][^<>]*>")

# Longer quotations are folded by the reader's client and open at a tap.
_FOLDED_FROM = 280  # characters


def escape(text: str) -> str:
    """`text` as it must stand in Telegram HTML; quotes stay as they are."""
    return html.escape(text, quote=False)


def bold(text: str) -> str:
    """`text`, escaped, in bold."""
    return f"<b>{escape(text)}</b>"


def italic(text: str) -> str:
    """`text`, escaped, in italics."""
    return f"<i>{escape(text)}</i>"


def code(text: str) -> str:
    """`text`, escaped, to be copied at a tap."""
    return f"<code>{escape(text)}</code>"


def quoted(text: str) -> str:
    """`text` as a block quote, expandable when it is long."""
    opening = "<blockquote expandable>" if len(text) > _FOLDED_FROM else "<blockquote>"
    return f"{opening}{escape(text)}</blockquote>"


def plain(text: str) -> str:
    """Telegram HTML of ours as plain text, for a terminal."""
    return html.unescape(_TAG.sub("", text))


def sentences(text: str) -> list[str]:
    """`text` cut after every sentence and paragraph; joined again it is `text`."""
    return [piece for piece in _SENTENCE.findall(text) if piece]


def shorten(text: str, about: int) -> tuple[str, bool]:
    """The first sentences of `text`, about `about` characters, and whether any were left out.

    Whole sentences only, as many as fit into `about`; where the first alone is longer,
    it is kept whole up to twice `about`, and cut with an ellipsis beyond.
    """
    if len(text) <= about:
        return text, False
    kept = ""
    for sentence in sentences(text):
        if kept and len(kept) + len(sentence.rstrip()) > about:
            break
        kept += sentence
    kept = kept.rstrip()
    if len(kept) > 2 * about:
        return kept[: 2 * about].rstrip() + "……", True
    return kept, len(kept) < len(text.rstrip())


def one_line(text: str, limit: int) -> str:
    """`text` on one line of at most `limit` characters, for labels and headings."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
