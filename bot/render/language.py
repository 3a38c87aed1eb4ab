"""In which language the bot speaks, and in which script the corpus is read.

Here live the catalogues and the one way to them: `_("已订阅")`. The words in the code are the
simplified ones; every other language is a gettext catalogue, `locale/<locale>.po`, read
with Babel when it is first needed. Which language that is belongs to the chat being
answered, so it stands in a context variable: whoever takes an update or a delivery in hand
sets it, and what is composed for that chat follows. `make messages` brings the catalogues
up to date with the code; a test says whether they are complete.

Words of the corpus are nobody's message: they pass through `as_read`, which changes their
script where the chat asks for it, and never their language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Protocol

from bot.model import Language, Script

CATALOGUES = Path(__file__).parent / "locale"

_language: ContextVar[Language] = ContextVar("language", default=Language.SIMPLIFIED)
_script: ContextVar[Script] = ContextVar("script", default=Script.PRINTED)


def language() -> Language:
    """The language being spoken here and now."""
    return _language.get()


def is_plain() -> bool:
    """Whether what is said is what everybody gets who has chosen nothing."""
    return _language.get() is Language.SIMPLIFIED and _script.get() is Script.PRINTED


def speak(to: Language, script: Script = Script.PRINTED) -> None:
    """From now on, in this task and those it starts, speak that language."""
    _language.set(to)
    _script.set(script)


@contextmanager
def speaking(to: Language, script: Script = Script.PRINTED) -> Iterator[None]:
    """Speak that language within the block, then the one from before."""
    before, script_before = _language.set(to), _script.set(script)
    try:
        yield
    finally:
        _language.reset(before)
        _script.reset(script_before)


def _(message: str, /, **values: object) -> str:
    """`message` in the language being spoken, its `{names}` replaced by `values`.

    The values are put in as they are: what goes into HTML is escaped by the caller.
    """
    said = _words_of(_language.get()).get((message, 1), message)
    return said.format(**values) if values else said


def _n(message: str, count: int, /, **values: object) -> str:
    """As `_`, in the form for `count`, which stands in the message as `{count}`.

    Chinese has one form for every number; English one for 1 and one for the others.
    """
    form = 1 if count == 1 else 2
    said = _words_of(_language.get()).get((message, form), message)
    return said.format(count=count, **values)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for this mark
    """Mark `message` for the catalogues where it must be said later, by `_(…)`."""
    return message


def as_read(text: str) -> str:
    """`text` of the corpus, in the script that the chat reads it in."""
    if _script.get() is Script.PRINTED:
        return text
    return _traditional().convert(text)


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _traditional() -> _Converter:
    from opencc import OpenCC  # only where somebody asks for it

    converter: _Converter = OpenCC("s2tw")  # characters of today, no other vocabulary
    return converter


@cache
def _words_of(spoken: Language) -> Mapping[tuple[str, int], str]:
    """Message and form, 1 or 2, to what is said; empty for the language of the code.

    Chinese catalogues have one form, which serves for both.
    """
    if spoken is Language.SIMPLIFIED:
        return {}
    from babel.messages.pofile import read_po  # costs a start 50 ms

    tag = spoken.value.replace("-", "_")  # as Babel writes locales
    words: dict[tuple[str, int], str] = {}
    with (CATALOGUES / f"{tag}.po").open("rb") as file:
        for one in read_po(file, locale=tag):
            if not one.id or not one.string:
                continue
            key = one.id if isinstance(one.id, str) else one.id[0]
            forms = (one.string,) if isinstance(one.string, str) else tuple(one.string)
            words[key, 1], words[key, 2] = forms[0], forms[-1]
    return words
