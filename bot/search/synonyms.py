"""Words that mean the same, from a small file kept by hand (`config/synonyms.yaml`).

The file is YAML with two keys, both optional:

    same:                      groups; each word of one may stand for every other
      - [人工智能, AI]
    everyday:                  plain words -> how the texts write it; one way only
      工厂: [制造业, 工业]

Words are compared folded. A word may stand in one group only, and once; letters and digits
at its ends match whole runs of them only: AI stands in AI赋能 and not in rain.

What must not live here: the corpus, and when a synonym is tried (ranking).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ConfigError
from bot.search.text import fold

_LATIN = "[0-9a-z]"


@dataclass(frozen=True)
class Synonyms:
    """Folded word -> the other words that may stand for it, as they are written, best first."""

    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, folded: str) -> tuple[str, ...]:
        """What may stand for the whole of a folded text; empty where nothing may."""
        return self.others.get(folded, ())

    def reworded(self, folded: str, stands: Callable[[str], bool]) -> str:
        """A folded text with every known word in it that stands nowhere put in other words.

        The longest words first; the first other word that does stand somewhere is taken.
        Where it stands beside the word already, as in 人工智能（AI）, once is enough.
        """
        if self._known is None:
            return folded
        others = {word: self._other(word, stands) for word in self._known.findall(folded)}
        text = self._known.sub(lambda match: others[match[0]], folded)
        for word, other in others.items():
            if other != word:
                text = text.replace(other * 2, other)
        return text

    def _other(self, word: str, stands: Callable[[str], bool]) -> str:
        if stands(word):
            return word
        return next((fold(one) for one in self.others[word] if stands(fold(one))), word)

    @cached_property
    def _known(self) -> re.Pattern[str] | None:
        words = sorted(self.others, key=lambda word: (-len(word), word))
        return re.compile("|".join(map(_pattern, words))) if words else None


def _pattern(folded: str) -> str:
    before = f"(?<!{_LATIN})" if re.match(_LATIN, folded[0]) else ""
    after = f"(?!{_LATIN})" if re.match(_LATIN, folded[-1]) else ""
    return f"{before}{re.escape(folded)}{after}"


def load_synonyms(path: Path) -> Synonyms:
    """Read the file. Raises ConfigError for one that cannot be read or is not as described."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({type(error).__name__})") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ConfigError(f"{path}:{mark.line + 1 if mark else 1}: is not valid YAML") from None
    try:
        return read_synonyms(content)
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from None


def read_synonyms(content: object) -> Synonyms:
    """The synonyms of a file's content. Raises ValueError with what is wrong."""
    if content is None:
        return Synonyms()
    if not isinstance(content, dict) or not set(content) <= {"same", "everyday"}:
        raise ValueError("expected the keys same and everyday and no others")
    others: dict[str, tuple[str, ...]] = {}
    for words, group in (*_same(content.get("same")), *_everyday(content.get("everyday"))):
        for word in words:
            if fold(word) in others:
                raise ValueError(f"{word} stands twice")
            others[fold(word)] = tuple(one for one in group if fold(one) != fold(word))
    return Synonyms(others)


def _same(groups: Any) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    if not isinstance(groups or [], list):
        raise ValueError("same: expected a list of groups")
    for group in groups or []:
        words = _words("same", group)
        if len(words) < 2:
            raise ValueError(f"same: a group needs two words or more, not {group!r}")
        yield words, words


def _everyday(entries: Any) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    if not isinstance(entries or {}, dict):
        raise ValueError("everyday: expected a mapping of a word to a list of words")
    for word, written in (entries or {}).items():
        yield _words("everyday", [word]), _words(f"everyday: {word}", written)


def _words(where: str, value: Any) -> tuple[str, ...]:
    is_list = isinstance(value, list) and bool(value)
    if not is_list or not all(isinstance(one, str) and fold(one) for one in value):
        raise ValueError(f"{where}: expected a list of words, not {value!r}")
    return tuple(value)
