"""What was probably meant, where nothing was found: by sound, one character off, nearest.

Every guess is checked against the corpus before it is offered, so what comes back is always
a text that some passage contains.

What must not live here: ranking, and any guess while there is a hit.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from bot.search.clauses import Clauses
from bot.search.text import fold, grams
from bot.search.words import STOP_WORDS, Words, pinyin, says_something

_BEAM = 8  # guesses kept at each syllable
_LATIN = re.compile(r"[a-z]+")
_FEWEST_LETTERS = 3
_FEWEST_CHARACTERS = 3  # of a term in which one may be wrong
_FEWEST_SOUNDS = 4  # that a word must have to be meant, whatever the characters say
_MOST_CHARACTERS = 60
_SHORT_CHARACTERS = 4  # up to which a guess must be made of whole words
_INITIALS_PIECES = 2
# Another number is another thing, not a mistake: 二十届三中全会, 2024.
_NUMERAL_SIGNS = "〇零一二三四五六七八九十百千万亿两0123456789"
_NUMERALS = frozenset(_NUMERAL_SIGNS)
_TEXTS = 200  # passages looked through for one guess
_FEWEST_MISSPELT = 6  # letters of pinyin in which one may be wrong
_ALIKE = 3  # how many that sound alike are offered
_TOPIC_ALIKE, _WORD_ALIKE = 0.6, 0.8  # how alike their pinyin must be (difflib's ratio)
_PAIR_SHARES = 3.0  # what a pair of characters shared counts beside single ones
_CHARACTER_TELLS = 7.0  # nats: what a commoner character shared tells is nothing

# What many speakers do not tell apart: retroflex and flat, front and back nasals, n and l.
_SOFT = {"zh": "z", "ch": "c", "sh": "s", "ng": "n", "l": "n"}
_HARD = re.compile("zh|ch|sh|ng|l")
_MOST_BLURRED = 2  # letters that become one

_Groups = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Forgiving:
    """Guesses over one index. `texts` gives folded texts of passages matching a clause."""

    words: Words
    clauses: Clauses
    texts: Callable[[object, int], Iterable[str]]

    @cached_property
    def _by_letters(self) -> _Groups:
        return self._grouped(_letters)

    @cached_property
    def _by_syllables(self) -> _Groups:
        return self._grouped(str)

    @cached_property
    def _by_blurred_letters(self) -> _Groups:
        return self._grouped(lambda sound: _letters(_blurred(sound)))

    @cached_property
    def _by_blurred_syllables(self) -> _Groups:
        return self._grouped(_blurred)

    @cached_property
    def _by_initials(self) -> _Groups:
        def initials(sound: str) -> str:
            return "".join(syllable[0] for syllable in sound.split("'")) if "'" in sound else ""

        return self._grouped(initials)

    def _grouped(self, key: Callable[[str], str]) -> _Groups:
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for word, sound in self.words.sounds.items():
            groups[key(sound)].append(word)
        for group in groups.values():
            group.sort(key=lambda word: (-self.words.frequency[word], word))
        groups.pop("", None)  # a word of one syllable has no initials
        return dict(groups)

    def by_sound(self, folded: str) -> str | None:
        """A text of the corpus that sounds like this, the closest first.

        As `same_sound`; then by initials; then as it sounds where zh is z, ang is an and n
        is l; then with syllables and initials mixed; then with one letter wrong.
        """
        exact = self.same_sound(folded)
        if exact is not None:
            return exact
        syllables = pinyin(folded)
        if not _LATIN.search(folded):
            if len(folded) < _FEWEST_CHARACTERS:
                return None
            return self._spell(syllables, "'", self._by_blurred_syllables, _blurred, but=folded)
        letters = "".join(syllables)
        if len(letters) < _FEWEST_LETTERS:
            return None
        most = _INITIALS_PIECES if len(letters) > _FEWEST_LETTERS else 1
        return (
            self._spell(letters, "", self._by_initials, but=folded, most_pieces=most)
            or self._spell(letters, "", self._by_blurred_letters, _blurred, but=folded)
            or self._abbreviated(letters)
            or self._misspelt(letters)
        )

    def same_sound(self, folded: str) -> str | None:
        """A text of the corpus with exactly these sounds: pinyin, homophones, or both mixed."""
        syllables = pinyin(folded)
        if not _LATIN.search(folded):
            return self._spell(syllables, "'", self._by_syllables, but=folded)
        letters = "".join(syllables)
        if len(letters) < _FEWEST_LETTERS:
            return None
        return self._spell(letters, "", self._by_letters, but=folded)

    def same_word(self, folded: str) -> str | None:
        """The commonest word of four characters or more that has exactly these sounds."""
        if len(folded) < _FEWEST_SOUNDS:
            return None
        alike = self._by_syllables.get("'".join(pinyin(folded)), ())
        return next((word for word in alike if word != folded), None)

    def _spell(
        self,
        units: Sequence[str],
        joint: str,
        by_key: _Groups,
        key: Callable[[str], str] = str,
        *,
        but: str,
        most_pieces: int | None = None,
    ) -> str | None:
        """Words that sound like all the units in a row, and stand in a row in the corpus.

        A beam search from the left; what no passage contains is dropped at once. Fewer
        words win, then commoner ones.
        """
        slack = 1 if key is str else _MOST_BLURRED
        longest = slack * max(
            (one.count("'") + 1 if joint else len(one) for one in by_key), default=0
        )
        reached: list[list[tuple[int, int, str]]] = [[] for _ in range(len(units) + 1)]
        reached[0] = [(0, 0, "")]
        for start in range(len(units)):
            reached[start] = sorted(reached[start])[:_BEAM]
            if not reached[start]:
                continue
            for end in range(start + 1, min(len(units), start + longest) + 1):
                for word in by_key.get(key(joint.join(units[start:end])), ())[:_BEAM]:
                    for pieces, commonness, text in reached[start]:
                        if (most_pieces is None or pieces < most_pieces) and (
                            not text or self.clauses.occurs(text + word)
                        ):
                            score = commonness - self.words.frequency[word]
                            reached[end].append((pieces + 1, score, text + word))
        guesses = (text for _, _, text in sorted(reached[-1]) if text != but)
        likely = (one for one in guesses if _is_one_changed(one, but) or self._is_likely(one))
        return next(likely, None)

    def _abbreviated(self, letters: str) -> str | None:
        """The commonest word of three syllables or more, some typed whole, some as initials."""
        having = {
            word: self.words.frequency[word]
            for word, sound in self.words.sounds.items()
            if len(word) >= _FEWEST_CHARACTERS and _abbreviates(letters, sound.split("'"))
        }
        return max(having, key=having.__getitem__) if having else None

    def _misspelt(self, letters: str) -> str | None:
        """The commonest word whose pinyin differs in one letter."""
        if len(letters) < _FEWEST_MISSPELT:
            return None
        having = {
            word: self.words.frequency[word]
            for key, group in self._by_letters.items()
            if _is_one_off(letters, key)
            for word in group[:1]
        }
        return max(having, key=having.__getitem__) if having else None

    def one_off(self, folded: str) -> str | None:
        """A text of the corpus that differs in one character, likeliest mistake first.

        Two swapped, one missing, one wrong, one too many; of a kind, the commonest text.
        """
        if not _FEWEST_CHARACTERS <= len(folded) <= _MOST_CHARACTERS:
            return None
        places = range(len(folded))
        droppable = [at for at in places if folded[at] not in _NUMERALS]
        return (
            self.swapped(folded)
            or self._filled(((folded[:at], folded[at:]) for at in places[1:]), folded)
            or self._filled(self._changed(folded), folded)
            or self._commonest(
                folded[:at] + folded[at + 1 :]
                for at in droppable
                # 双循环 is not 循环 typed wrong, 制制造业 is 制造业.
                if len(folded) > _FEWEST_CHARACTERS or folded[at] in folded[at + 1 : at + 2]
            )
        )

    def _changed(self, folded: str) -> Iterator[tuple[str, str]]:
        """What stands around each character that may be the wrong one.

        中国梦 is 中国 and one more, not 中国式 typed wrong.
        """
        for at in range(len(folded)):
            kept = folded[:at] + folded[at + 1 :]
            is_at_end = at in (0, len(folded) - 1)
            if len(folded) > _FEWEST_CHARACTERS or not is_at_end or not self._is_words(kept):
                yield folded[:at], folded[at + 1 :]

    def swapped(self, folded: str) -> str | None:
        """A text of the corpus with two neighbouring characters the other way round."""
        if not _FEWEST_CHARACTERS <= len(folded) <= _MOST_CHARACTERS:
            return None
        return self._commonest(
            folded[:at] + folded[at + 1] + folded[at] + folded[at + 2 :]
            for at in range(len(folded) - 1)
            if folded[at] != folded[at + 1] and not _NUMERALS.issuperset(folded[at : at + 2])
        )

    def _commonest(self, guesses: Iterable[str]) -> str | None:
        having = {guess: self.clauses.occurs(guess) for guess in dict.fromkeys(guesses)}
        likely = [guess for guess in having if having[guess] and self._is_likely(guess)]
        return max(likely, key=having.__getitem__) if likely else None

    def _filled(self, gaps: Iterable[tuple[str, str]], typed: str) -> str | None:
        """What stands in most passages as the text before a gap, one character, that after."""
        having: Counter[str] = Counter()
        for before, after in gaps:
            if min(len(before), len(after)) > 1:
                clause = self.clauses.gap(before, after, 1)
            else:
                clause = self.clauses.containing(max(before, after, key=len))
            pattern = re.compile(f"{re.escape(before)}[^{_NUMERAL_SIGNS}]{re.escape(after)}")
            # At an end any neighbour would do: there, and in short texts, only whole words.
            is_strict = not before or not after or len(typed) <= _SHORT_CHARACTERS
            for text in self.texts(clause, _TEXTS):
                guesses = set(pattern.findall(text)) - {typed}
                having.update(one for one in guesses if not is_strict or self._is_words(one))
        return max(having, key=having.__getitem__) if having else None

    def _is_likely(self, guess: str) -> bool:
        """A short guess must be whole words, or every fragment would do."""
        return len(guess) > _SHORT_CHARACTERS or self._is_words(guess)

    def _is_words(self, guess: str) -> bool:
        return all(
            len(piece) > 1 and piece in self.words.frequency for piece in self.words.split(guess)
        )

    def nearest(self, folded: str, topics: Sequence[str]) -> Iterator[str]:
        """Folded words and topics near a term that was not found, nearest first.

        Its own words that the corpus has, the most telling first; topics that share two
        characters; then words and topics that sound much alike, syllable for syllable.
        """
        pieces = [
            piece
            for piece in self.words.split(folded)
            if says_something(piece) and piece in self.words.frequency
        ]
        yield from sorted(pieces, key=lambda piece: -self.words.information(piece))
        shared = {topic: self._shared(folded, fold(topic)) for topic in topics}
        near = [topic for topic in topics if shared[topic]]
        yield from sorted(near, key=lambda topic: -shared[topic])
        syllables = pinyin(folded)
        letters = "".join(syllables)
        is_latin = bool(_LATIN.search(folded))

        def is_as_long(word: str) -> bool:
            return is_latin or len(word) == len(syllables) >= _FEWEST_CHARACTERS

        by_letters = {"".join(pinyin(fold(topic))): topic for topic in topics}
        alike = get_close_matches(letters, by_letters, _ALIKE, _TOPIC_ALIKE)
        yield from (by_letters[key] for key in alike if is_as_long(fold(by_letters[key])))
        alike = get_close_matches(letters, self._by_letters, _ALIKE, _WORD_ALIKE)
        words = (self._by_letters[key][0] for key in alike)
        yield from (word for word in words if says_something(word) and is_as_long(word))

    def _shared(self, folded: str, topic: str) -> float:
        """How much a topic shares with a term: pairs of characters, and telling characters.

        One character of many is nothing: 区块链 is not near to 雄安新区.
        """
        pairs = set(grams(folded)) & set(grams(topic))
        rare = {one for one in set(folded) & set(topic) if one not in STOP_WORDS}
        if not pairs and len(rare) < 2 < len(folded):
            return 0.0
        telling = (max(0.0, self.words.information(one) * 2 - _CHARACTER_TELLS) for one in rare)
        return len(pairs) * _PAIR_SHARES + sum(telling) / len(topic)


def _letters(sound: str) -> str:
    return sound.replace("'", "")


def _blurred(sound: str) -> str:
    """A sound without the differences many speakers do not make; syllables stay apart."""
    return _HARD.sub(lambda match: _SOFT[match[0]], sound)


def _abbreviates(letters: str, syllables: Sequence[str]) -> bool:
    """Whether letters are these syllables in order, each whole or by its initial."""
    if not syllables:
        return not letters
    first = syllables[0]
    return any(
        letters.startswith(short) and _abbreviates(letters[len(short) :], syllables[1:])
        for short in {first, first[0], first[:2] if first[1:2] == "h" else first[0]}
    )


def _is_one_changed(one: str, other: str) -> bool:
    """Whether two texts of three characters or more differ in a single one."""
    pairs = zip(one, other, strict=False)
    return len(one) == len(other) >= _FEWEST_CHARACTERS and sum(a != b for a, b in pairs) == 1


def _is_one_off(one: str, other: str) -> bool:
    """Whether two texts differ by one character put in, left out or changed, or two swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if same is None:
        return len(one) != len(other)
    rest, others = one[same:], other[same:]
    is_swapped = rest[1::-1] + rest[2:] == others
    return is_swapped or rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]
