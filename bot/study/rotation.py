"""Which quotation and which reading a push shows.

Everything follows from the corpus, the chat's seed and what it was shown, oldest first:
nothing else is remembered, so restarts, changes of time and added compilations cannot
disturb a round. No I/O, no clock, no randomness; hashes are hashlib's, the same for ever.

The rules of a round (QuoteOrder.ROUND):

1. On the day and month of a quotation of an earlier year, that one: 那年今日.
2. Else one of those not yet shown in the running round. What an anniversary or a pin showed
   counts as shown; only a ROUND choice of one already shown begins a new round.
3. A quotation whose anniversary will come before the round is over waits for it.
4. What another bot showed the chat before it came here counts like what this one did.
5. A new round begins with what was not shown lately, and a round with what will have its
   anniversary soon after it, so that its seams are not noticed.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from bot.model import Nearby, Quote, QuoteOrder, Reading, ReadingOrder, Shown

MAX_NEAR = 8  # readings that count as near a quotation
MAX_REASON_WORDS = 4

_YEAR_DAYS = 366


class Reason(StrEnum):
    """Why a quotation was chosen; stored as `Choice.quote_reason`."""

    ANNIVERSARY = "anniversary"  # 那年今日
    ROUND = "round"
    SEQUENCE = "sequence"
    PINNED = "pinned"  # administrators wanted it for that day


@dataclass(frozen=True, slots=True)
class _Round:
    """The running round: its number, what was shown in it, and when anything was last shown."""

    number: int
    seen: frozenset[str]
    last_shown: Mapping[str, int]  # id -> its last place in the history

    def lately(self, count: int) -> frozenset[str]:
        """The `count` ids shown last."""
        ordered = sorted(self.last_shown, key=self.last_shown.__getitem__)
        return frozenset(ordered[len(ordered) - min(count, len(ordered)) :])


def choose_quote(
    quotes: Sequence[Quote],
    history: Sequence[Shown],
    *,
    on: date,
    order: QuoteOrder,
    seed: int,
    theme: str,
) -> tuple[Quote, Reason] | None:
    """The quotation of the local date `on` for a chat, and why; None when none is of the theme.

    `history` is oldest first. What it says that this bot showed on `on` itself is left out of
    account, so that a day asked for again gives the same answer. A `theme` that is not empty
    limits the choice to quotations with that topic or with those words in the text.
    """
    pool = {quote.id: quote for quote in quotes if _is_of_theme(quote, theme)}
    earlier = [shown for shown in history if shown.on != on or not shown.is_ours]
    if not pool:
        return None
    if order is QuoteOrder.DATE:
        return _next_in_sequence(quotes, pool, earlier), Reason.SEQUENCE

    running = _replay(earlier, pool)
    if pool.keys() <= running.seen:
        fresh = _Round(running.number + 1, frozenset(), running.last_shown)
    else:
        fresh = running
    anniversaries = _Anniversaries(pool.values(), running, seed)
    today = anniversaries.on(on, running.seen)
    if today:
        return today[0], Reason.ANNIVERSARY
    return _next_of_round(pool, fresh, on, seed), Reason.ROUND


def next_in_order(quotes: Sequence[Quote], quote_id: str, *, theme: str, seed: int) -> Quote:
    """The one after `quote_id` in an order that goes round through all of the theme.

    The quotation of that id, whatever its theme, has its place in the order; itself again
    where there is no other. ValueError without any quotation.
    """
    ordered = sorted(
        (one for one in quotes if one.id == quote_id or _is_of_theme(one, theme)),
        key=lambda one: _rank(seed, 0, one.id),
    )
    if not ordered:
        raise ValueError("there is no quotation")
    ids = [one.id for one in ordered]
    at = ids.index(quote_id) if quote_id in ids else -1
    return ordered[(at + 1) % len(ordered)]


def choose_reading(
    quote: Quote | None,
    readings: Sequence[Reading],
    nearest: Sequence[Nearby],
    history: Sequence[Shown],
    *,
    order: ReadingOrder,
) -> tuple[Reading, str] | None:
    """The reading that goes with a quotation, and the words it shares with it, joined by `、`.

    `readings` is in reading order, `nearest` belongs to `quote`, nearest first. Nearest:
    of the near ones (MAX_NEAR at most, of positive score) one never shown, the nearest
    first, else the one shown longest ago. Without a quotation or near readings, or by the
    chat's wish, the sections in order, after the last that was shown in this way, and again
    from the start; the words are then "". None only when there is nothing to read.
    """
    legible = [reading for reading in readings if reading.text]
    if not legible:
        return None
    near = _near(legible, nearest)
    if quote is None or order is ReadingOrder.SEQUENCE or not near:
        return _following(legible, history), ""
    last_shown = {shown.choice.section_id: at for at, shown in enumerate(history)}
    # `min` keeps the first of equals, and `near` is nearest first.
    reading, words = min(near, key=lambda one: last_shown.get(one[0].id, -1))
    return reading, "、".join(words[:MAX_REASON_WORDS])


# ------------------------------------------------------------------- the round


@dataclass(slots=True)
class _Tally:
    """A round as it is being replayed. `told` are the pushes it was replayed from."""

    number: int = 0
    seen: set[str] = field(default_factory=set)
    told: set[tuple[date, str]] = field(default_factory=set)

    def add(self, shown: Shown) -> None:
        """One more push; one of which two bots tell is still one."""
        quote_id, push = shown.choice.quote_id, (shown.on, shown.choice.quote_id)
        if push in self.told:
            return
        self.told.add(push)
        if quote_id in self.seen and shown.choice.quote_reason == Reason.ROUND:
            self.number += 1
            self.seen.clear()
        self.seen.add(quote_id)

    def join(self, other: _Tally) -> None:
        """Count what was shown in the running rounds of both."""
        self.number = max(self.number, other.number)
        self.seen |= other.seen
        self.told |= other.told


def _replay(history: Iterable[Shown], pool: Collection[str]) -> _Round:
    """The round that the history leads to, as far as it is of the pool.

    What another bot showed without either's knowing of the other is a round of its own,
    until the date from which this bot knows of it.
    """
    shown = [one for one in history if one.choice.quote_id in pool]
    apart: dict[date, _Tally] = {}
    for one in shown:
        if one.known_from is not None:
            apart.setdefault(one.known_from, _Tally()).add(one)
    running, to_join = _Tally(), sorted(apart)
    for one in shown:
        if one.known_from is None:
            while to_join and to_join[0] <= one.on:
                running.join(apart[to_join.pop(0)])
            running.add(one)
    for known_from in to_join:
        running.join(apart[known_from])
    last_shown = {one.choice.quote_id: at for at, one in enumerate(shown)}
    return _Round(running.number, frozenset(running.seen), last_shown)


def _next_of_round(pool: Mapping[str, Quote], running: _Round, on: date, seed: int) -> Quote:
    """The next in the round's own order, of those that need not wait and were not shown lately."""
    unseen = pool.keys() - running.seen
    free = unseen - _held_back(pool, running, on, seed)
    rested = free - running.lately(len(pool) // 3)
    early = _due_after(pool, on, left=len(unseen))

    def place(quote_id: str) -> tuple[bool, bytes]:
        return quote_id not in early, _rank(seed, running.number, quote_id)

    return pool[min(rested or free, key=place)]


def _due_after(pool: Mapping[str, Quote], on: date, *, left: int) -> set[str]:
    """Those whose anniversary will come soon after the round is over, `left` pushes from now."""
    days = {on + timedelta(days=left + ahead) for ahead in range(len(pool) // 3 + 1)}
    by_day = {(one.month, one.day): one.year for one in days}
    return {
        one.id
        for one in pool.values()
        if one.year < by_day.get((one.said_on.month, one.said_on.day), 0)
    }


def _held_back(pool: Mapping[str, Quote], running: _Round, on: date, seed: int) -> set[str]:
    """The unseen that wait for their anniversary: those it will come for within this round.

    Walks the days to come, a push a day, until the round would be over: a day with an
    anniversary shows one of the unseen that has it (or one already seen), every other day
    takes one of the rest. Today takes one of the rest, so never are all held back.
    """
    anniversaries = _Anniversaries(pool.values(), running, seed)
    held: set[str] = set()
    left = len(pool.keys() - running.seen) - 1
    for ahead in range(1, _YEAR_DAYS + 1):
        if left <= 0:
            break
        that_day = anniversaries.on(on + timedelta(days=ahead), running.seen | held)
        if not that_day:
            left -= 1
        elif that_day[0].id not in running.seen | held:
            held.add(that_day[0].id)
            left -= 1
    return held


class _Anniversaries:
    """The quotations of each day of the year, and which of a day's comes first."""

    def __init__(self, quotes: Iterable[Quote], running: _Round, seed: int) -> None:
        self._running = running
        self._seed = seed
        self._by_day: dict[tuple[int, int], list[Quote]] = {}
        for quote in quotes:
            day = (quote.said_on.month, quote.said_on.day)
            self._by_day.setdefault(day, []).append(quote)

    def on(self, day: date, seen: Collection[str]) -> list[Quote]:
        """Those of this day in an earlier year: unseen first, then longest ago, then by seed."""
        of_day = self._by_day.get((day.month, day.day), ())
        last_shown = self._running.last_shown
        return sorted(
            (quote for quote in of_day if quote.year < day.year),
            key=lambda quote: (
                quote.id in seen,
                last_shown.get(quote.id, -1),
                _rank(self._seed, self._running.number, quote.id),
            ),
        )


def _rank(seed: int, number: int, quote_id: str) -> bytes:
    """The place of a quotation in a round: of its own, whatever else is in the corpus."""
    return hashlib.blake2b(f"{seed} {number} {quote_id}".encode(), digest_size=16).digest()


# ---------------------------------------------------------- by date, by theme


def _next_in_sequence(
    quotes: Sequence[Quote], pool: Mapping[str, Quote], history: Sequence[Shown]
) -> Quote:
    """The oldest of the pool after the last one shown in sequence, or the oldest of all.

    A quotation added later takes its place by date: ahead of the last shown it comes in
    its turn, behind it in the next pass.
    """
    known = {quote.id: _date_order(quote) for quote in quotes}
    ordered = sorted(pool.values(), key=_date_order)
    for choice in (one.choice for one in reversed(history)):
        if choice.quote_reason == Reason.SEQUENCE and choice.quote_id in known:
            last = known[choice.quote_id]
            return next((one for one in ordered if _date_order(one) > last), ordered[0])
    return ordered[0]


def _date_order(quote: Quote) -> tuple[date, int, str]:
    # The shorter id first, so that -10 of a day follows its -9.
    return quote.said_on, len(quote.id), quote.id


def _is_of_theme(quote: Quote, theme: str) -> bool:
    wanted = _folded(theme)
    if not wanted:
        return True
    return wanted in _folded(quote.text) or any(wanted == _folded(one) for one in quote.topics)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


# ----------------------------------------------------------------- the reading


def _near(
    readings: Sequence[Reading], nearest: Sequence[Nearby]
) -> list[tuple[Reading, tuple[str, ...]]]:
    by_id = {reading.id: reading for reading in readings}
    near = [
        (by_id[one.section_id], one.words)
        for one in nearest
        if one.score > 0 and one.section_id in by_id
    ]
    return near[:MAX_NEAR]


def _following(readings: Sequence[Reading], history: Sequence[Shown]) -> Reading:
    """The reading after the last one that was shown in order, which has no words for a reason."""
    places = {reading.id: at for at, reading in enumerate(readings)}
    for shown in reversed(history):
        choice = shown.choice
        if choice.section_id in places and not choice.section_reason:
            return readings[(places[choice.section_id] + 1) % len(readings)]
    return readings[0]
