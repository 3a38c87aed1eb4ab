"""One long answer made into several messages.

Here lives the cutting of Telegram HTML into parts. Nothing is added or lost: joined
again, the visible text of the parts is that of the whole. No wording, no sending.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from bot.render.html import CLOSERS, SENTENCE_ENDS

MESSAGE_LIMIT = 4096  # UTF-16 code units, https://core.telegram.org/bots/api#sendmessage
CAPTION_LIMIT = 1024  # of what is seen, https://core.telegram.org/bots/api#sendphoto

_ATOM = re.compile(r"<(/?)([a-z][a-z0-9-]*)([^>]*)>|&(?:#\d+|#x[0-9a-fA-F]+|[a-z]+);|.", re.S)
_TAG = re.compile(r"</?[a-z][a-z0-9-]*[^>]*>")
_CLAUSE_ENDS = "，、：,:"
_ZERO_WIDTH_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class _Atom:
    """What must stay together: a tag, an entity, or a character with all that modifies it."""

    source: str
    opens: str = ""  # the name of the tag, for an opening tag
    closes: bool = False

    @property
    def is_tag(self) -> bool:
        return bool(self.opens) or self.closes


def units(text: str) -> int:
    """The length of `text` in UTF-16 code units, as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def visible_units(html: str) -> int:
    """The length of what a reader sees of this HTML, which is what Telegram limits."""
    return units(unescape(_TAG.sub("", html)))


def split(html: str, limit: int = MESSAGE_LIMIT) -> list[str]:
    """`html` in parts of at most `limit` UTF-16 units each, tags included and balanced.

    Cuts fall after a paragraph, else after a sentence, else after a clause, else between
    two characters; in the later half of a part as long as there is such a place. A tag
    open at a cut is closed there and opened again in the next part. Parts that would
    show nothing are left out. Raises ValueError when `limit` is too small for one
    character and the tags around it.
    """
    if units(html) <= limit:
        return [html] if _TAG.sub("", html).strip() else []
    atoms = tuple(_atoms(html))
    parts: list[str] = []
    start = 0
    open_tags: tuple[_Atom, ...] = ()
    while start < len(atoms):
        end = _cut(atoms, start, open_tags, limit)
        source, still_open = _part(atoms[start:end], open_tags)
        if _shows(atoms[start:end]):
            parts.append(source)
        start, open_tags = end, still_open
    return parts


def _shows(atoms: tuple[_Atom, ...]) -> bool:
    """True when a reader would see anything of these."""
    return any(not atom.is_tag and atom.source.strip() for atom in atoms)


def _atoms(html: str) -> Iterator[_Atom]:
    pending = ""
    for match in _ATOM.finditer(html):
        source = match.group()
        if match.group(2) is None and pending and _belongs(pending, source):
            pending += source
            continue
        if pending:
            yield _Atom(pending)
        pending = ""
        if match.group(2) is None:
            pending = source
        elif match.group(1):
            yield _Atom(source, closes=True)
        else:
            yield _Atom(source, opens=match.group(2))
    if pending:
        yield _Atom(pending)


def _belongs(before: str, character: str) -> bool:
    """True when a person would see `character` as a part of the character before it."""
    if before.endswith(_ZERO_WIDTH_JOINER) or character == _ZERO_WIDTH_JOINER:
        return True
    if len(character) == 1 and unicodedata.category(character) in ("Mn", "Me"):
        return True
    if "\U0001f3fb" <= character <= "\U0001f3ff":  # skin tones
        return True
    is_flag_half = "\U0001f1e6" <= character <= "\U0001f1ff"
    return is_flag_half and len(before) == 1 and "\U0001f1e6" <= before <= "\U0001f1ff"


def _part(atoms: tuple[_Atom, ...], open_tags: tuple[_Atom, ...]) -> tuple[str, tuple[_Atom, ...]]:
    """The atoms as a balanced piece of HTML, and the tags to be opened again after it."""
    stack = list(open_tags)
    for atom in atoms:
        _follow(stack, atom)
    source = "".join(atom.source for atom in (*open_tags, *atoms))
    return source + _closing(stack), tuple(stack)


def _follow(stack: list[_Atom], atom: _Atom) -> None:
    if atom.opens:
        stack.append(atom)
    elif atom.closes and stack:
        stack.pop()


def _closing(stack: list[_Atom]) -> str:
    return "".join(f"</{tag.opens}>" for tag in reversed(stack))


def _cut(atoms: tuple[_Atom, ...], start: int, open_tags: tuple[_Atom, ...], limit: int) -> int:
    """Where the part that begins at `start` ends: an index into `atoms`, after `start`."""
    stack = list(open_tags)
    used = sum(units(tag.source) for tag in open_tags)
    best: dict[int, int] = {}  # how good a border, 3 best -> the last such place
    reached = start
    for index in range(start, len(atoms)):
        atom = atoms[index]
        used += units(atom.source)
        _follow(stack, atom)
        size = used + units(_closing(stack))
        if size > limit:
            break
        if atom.is_tag and not atom.closes:
            continue  # cutting here would leave an empty pair of tags behind
        reached = index + 1
        if atom.closes:
            # What ends with the tag ends after it, not before it.
            best = {rank: reached if place == index else place for rank, place in best.items()}
        elif size >= limit // 2:
            best[_rank(atoms, index)] = reached
    else:
        return len(atoms)
    if reached == start:
        raise ValueError(f"{limit} units are too few for one character and its tags")
    return best[max(best)] if best else reached


def _rank(atoms: tuple[_Atom, ...], index: int) -> int:
    """How good a place the end of atom `index` is to cut at: 3 paragraph … 0 mid-clause."""
    last = atoms[index].source[-1:]
    following = next((one.source for one in atoms[index + 1 :] if not one.is_tag), "\n")
    if last == "\n":
        return 0 if following == "\n" else 3
    if following in CLOSERS or following in SENTENCE_ENDS or following == "\n":
        return 0
    if last in SENTENCE_ENDS or (last in CLOSERS and _ends_sentence(atoms, index)):
        return 2
    return 1 if last in _CLAUSE_ENDS else 0


def _ends_sentence(atoms: tuple[_Atom, ...], index: int) -> bool:
    """True when the closing marks at `index` follow the end of a sentence (`。”`)."""
    for atom in reversed(atoms[:index]):
        if not atom.is_tag and atom.source not in CLOSERS:
            return atom.source in SENTENCE_ENDS
    return False
