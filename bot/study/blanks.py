"""Words that can be asked for: the terms of a corpus, and which of them go with which.

Here lives what counts as a term (a topic, or an item of an enumeration in a quotation) and
how much two terms are of a kind, so that a wrong answer looks like a right one. Pure, and
computed once for a corpus.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from bot.model import Corpus

_HAN = "[一-鿿]"
_LIST = re.compile(rf"{_HAN}{{2,14}}(?:、{_HAN}{{2,14}})+")
_MORE = re.compile(r"等.*|(?:以及|和|及|与).*")
# With these an item does not begin: the enumeration's own verb or preposition is cut away.
_OPENINGS = frozenset("在使把对为以要将的和与从让由是有了去")
_NO_TERM = re.compile("[的是不要了]")
_SHORTEST, _LONGEST, _LONGEST_ITEM = 2, 8, 6  # characters
_SAME_LIST, _SAME_FIELD, _SAME_WORD, _SAME_LETTER, _SAME_LENGTH = 3, 3, 3, 2, 1
ALIKE = 3  # from here on two terms are of a kind

_VERBS = frozenset(("发展", "建设", "改革"))  # an ending in common that says nothing
_SUFFIXES = frozenset("化性型力")
_MODIFIERS = ("传统", "现代", "新型", "新兴", "先进", "海洋", "优势", "特色", "战略性")
# With these behind it, a term is a piece of another word: 数字产业 of 数字产业化.
_GOES_ON = frozenset("化性型链")

# What a term is about shows in how it ends.
_FIELDS = (
    re.compile(r"(?:(?<![就企立])业|经济|生产力|体系|工业化)$"),
    re.compile(
        r"(?:技术|科技|智能|制造|材料|氢能|聚变能|能源|接口|机器人|通信|模型|医药|信息|算力|汽车)$"
    ),
    re.compile(r"(?:地区|新区|经济带)$"),
    re.compile(r"(?:人才|企业)$"),
)


@dataclass(frozen=True, eq=False)
class Terms:
    """The terms of a corpus. `topics` are those that people gave; `lists` the enumerations."""

    topics: frozenset[str]
    lists: tuple[frozenset[str], ...]

    @cached_property
    def all(self) -> tuple[str, ...]:
        """Every term, the longest first."""
        every = self.topics.union(*self.lists)
        return tuple(sorted(every, key=lambda term: (-len(term), term)))

    @cached_property
    def _company(self) -> Mapping[str, frozenset[str]]:
        """The terms that stand in one enumeration with a term, or with one that does."""
        beside: dict[str, set[str]] = defaultdict(set)
        for items in self.lists:
            for item in items:
                beside[item] |= items
        return {
            term: frozenset(others.union(*(beside[one] for one in others)))
            for term, others in beside.items()
        }

    @cached_property
    def _fields(self) -> Mapping[str, frozenset[int]]:
        """Of which of `_FIELDS` a term is."""
        return {
            term: frozenset(number for number, one in enumerate(_FIELDS) if one.search(term))
            for term in self.all
        }

    @cached_property
    def _by_trait(self) -> Mapping[object, frozenset[str]]:
        """The terms of a field, and those with an ending: only they can be of a kind."""
        found: dict[object, set[str]] = defaultdict(set)
        for term in self.all:
            for trait in (*self._fields[term], term[-2:], term[-1]):
                found[trait].add(term)
        return {trait: frozenset(terms) for trait, terms in found.items()}

    @cache  # noqa: B019 - as many as there are terms, and gone with them
    def similar(self, term: str) -> tuple[str, ...]:
        """The other terms that are of a kind with it, the most similar first."""
        traits = (*self._fields[term], term[-2:], term[-1])
        candidates = self._company.get(term, frozenset()).union(
            *(self._by_trait[trait] for trait in traits)
        )
        likeness = {other: self.likeness(term, other) for other in candidates - {term}}
        found = [other for other in likeness if likeness[other] >= ALIKE]
        return tuple(sorted(found, key=lambda other: (-likeness[other], other)))

    @cache  # noqa: B019
    def longer(self, term: str) -> tuple[str, ...]:
        """The terms of which this one is a part."""
        return tuple(one for one in self.all if len(one) > len(term) and term in one)

    def likeness(self, term: str, other: str) -> int:
        """How much two terms are of a kind; from `ALIKE` on, one may stand for the other."""
        likeness = 0
        if other in self._company.get(term, ()):
            likeness += _SAME_LIST
        if self._fields[term] & self._fields[other]:
            likeness += _SAME_FIELD
        if term[-2:] == other[-2:] and min(len(term), len(other)) > 2 and term[-2:] not in _VERBS:
            likeness += _SAME_WORD
        elif term[-1] == other[-1] and term[-1] in _SUFFIXES:
            likeness += _SAME_LETTER
        if len(term) == len(other):
            likeness += _SAME_LENGTH
        return likeness


def terms_of(corpus: Corpus) -> Terms:
    """The terms of all quotations, and the topics of everything."""
    topics = frozenset(topic for topic in corpus.topics if _is_fitting(topic))
    texts = ["".join(quote.text.split()) for quote in corpus.quotes]
    found = (_items(match.group()) for text in texts for match in _LIST.finditer(text))
    lists = (frozenset(one for one in items if _is_item(one, topics)) for items in found)
    return Terms(topics, tuple(items for items in lists if len(items) > 1))


def stands(text: str, term: str, longer: Iterable[str]) -> Iterator[int]:
    """Where `term` stands in `text` by itself, not as a piece of one of the `longer`."""
    taken: list[tuple[int, int]] = []
    for one in longer:
        taken += [(match.start(), match.end()) for match in re.finditer(re.escape(one), text)]
    for match in re.finditer(re.escape(term), text):
        if text[match.end() : match.end() + 1] in _GOES_ON:
            continue
        if not any(start <= match.start() and match.end() <= end for start, end in taken):
            yield match.start()


def follows_modifier(before: str) -> bool:
    """True where a word stands before the gap that goes with one term alone: 传统 of 传统制造业."""
    return before.endswith(_MODIFIERS)


def overlap(term: str, others: Collection[str]) -> bool:
    """True when one of them is a part of the other, for any of `others`, be it with gaps.

    新产业 is a part of 战略性新兴产业: whoever reads both takes them for the same.
    """
    return any(_is_part(term, other) or _is_part(other, term) for other in others)


def _is_part(short: str, long: str) -> bool:
    rest = iter(long)
    return all(letter in rest for letter in short)


def _items(listed: str) -> list[str]:
    """The items of `A、B、C`, without what leads to the first and follows the last."""
    items = listed.split("、")
    items[-1] = _MORE.sub("", items[-1])
    first, length = items[0], len(items[1])
    if len(first) > length:
        # Items are mostly of one length, and of one form: what stands before is the verb.
        items[0] = first[-length:]
        is_of_their_form = any(
            items[0][-1] == one[-1:] or items[0][0] == one[:1] for one in items[1:]
        )
        if not is_of_their_form and len(items) < 4:
            items.pop(0)
    if len(items) > 1 and len(items[-1]) > len(items[-2]) + 1:
        items.pop()
    return items


def _is_item(item: str, topics: Collection[str]) -> bool:
    if item in topics:
        return True
    return (
        _is_fitting(item)
        and len(item) <= _LONGEST_ITEM
        and item[0] not in _OPENINGS
        and not _NO_TERM.search(item)
        and not any(topic in item for topic in topics)
    )


def _is_fitting(term: str) -> bool:
    return _SHORTEST <= len(term) <= _LONGEST and re.fullmatch(f"{_HAN}+", term) is not None
