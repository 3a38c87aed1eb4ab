"""Which quotation and which reading: fair, stable, and 那年今日 on its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import (
    Article,
    Choice,
    Nearby,
    PartialDate,
    Quote,
    QuoteOrder,
    Reading,
    ReadingOrder,
    Section,
    Shown,
)
from bot.study.rotation import MAX_NEAR, Reason, choose_quote, choose_reading

DAY = timedelta(days=1)
START = date(2026, 11, 24)


def quote(said: str, number: int = 1, *, text: str = "一段话", topics: Sequence[str] = ()) -> Quote:
    suffix = f"-{number}" if number > 1 else ""
    said_on = date.fromisoformat(said)
    return Quote(f"q-{said}{suffix}", "2026-04-x", said_on, "在某处的讲话", text, tuple(topics))


def without_anniversaries(count: int) -> list[Quote]:
    """Quotations said in the year of START, so that no day of that year is their anniversary."""
    return [quote(f"2026-01-{1 + at:02d}") for at in range(count)]


def choose(
    quotes: Sequence[Quote],
    history: Sequence[Shown] = (),
    *,
    on: date = START,
    order: QuoteOrder = QuoteOrder.ROUND,
    seed: int = 1,
    theme: str = "",
) -> tuple[Quote, Reason]:
    chosen = choose_quote(quotes, history, on=on, order=order, seed=seed, theme=theme)
    assert chosen is not None
    return chosen


def shown(on: date, chosen: Quote, reason: Reason = Reason.ROUND) -> Shown:
    return Shown(on, Choice(chosen.id, reason))


def live(
    quotes: Sequence[Quote],
    days: int,
    *,
    history: Sequence[Shown] = (),
    start: date = START,
    order: QuoteOrder = QuoteOrder.ROUND,
    seed: int = 1,
    theme: str = "",
) -> list[Shown]:
    """The history after a push a day for so many days."""
    lived = list(history)
    for ahead in range(days):
        on = start + ahead * DAY
        lived.append(shown(on, *choose(quotes, lived, on=on, order=order, seed=seed, theme=theme)))
    return lived


def ids(history: Sequence[Shown]) -> list[str]:
    return [one.choice.quote_id for one in history]


# ------------------------------------------------------------------- the round


def test_none_comes_again_until_all_were_shown() -> None:
    assert len(set(ids(live(without_anniversaries(30), 30)))) == 30


def test_two_rounds_have_different_orders() -> None:
    history = ids(live(without_anniversaries(20), 40, start=date(2026, 2, 1)))
    assert sorted(history[:20]) == sorted(history[20:])
    assert history[:20] != history[20:]


def test_two_chats_have_different_orders() -> None:
    quotes = without_anniversaries(20)
    assert ids(live(quotes, 20, seed=1)) != ids(live(quotes, 20, seed=2))


def test_the_order_is_the_same_for_ever() -> None:
    assert ids(live(without_anniversaries(8), 8, seed=42)) == [
        "q-2026-01-05",
        "q-2026-01-06",
        "q-2026-01-04",
        "q-2026-01-01",
        "q-2026-01-07",
        "q-2026-01-03",
        "q-2026-01-08",
        "q-2026-01-02",
    ]


def test_between_two_showings_lies_a_third_of_the_corpus_even_at_the_seam_of_rounds() -> None:
    for seed in range(20):
        history = ids(live(without_anniversaries(12), 48, seed=seed, start=date(2026, 2, 1)))
        assert all(len(set(history[at : at + 5])) == 5 for at in range(44))


def test_a_compilation_added_in_the_middle_leaves_the_order_of_the_rest() -> None:
    old, new = without_anniversaries(20), [quote(f"2026-02-{1 + at:02d}") for at in range(10)]
    spring = date(2026, 3, 1)  # far from any anniversary
    before = live(old, 8, start=spring)
    undisturbed = ids(live(old, 12, history=before, start=spring + 8 * DAY))
    after = ids(live(old + new, 22, history=before, start=spring + 8 * DAY))
    assert len(set(after)) == 30
    assert [one for one in after if one in {old_one.id for old_one in old}] == undisturbed


def test_a_quotation_taken_out_of_the_corpus_is_not_missed() -> None:
    quotes = without_anniversaries(10)
    history = live(quotes, 5)
    left = [one for one in quotes if one.id != history[0].choice.quote_id]
    assert len(set(ids(live(left, 5, history=history, start=START + 5 * DAY)))) == 10


def test_a_day_asked_for_again_gives_the_same_answer() -> None:
    quotes = without_anniversaries(10)
    history = live(quotes, 6)
    on = history[-1].on
    assert choose(quotes, history, on=on)[0].id == history[-1].choice.quote_id


def test_a_corpus_of_one_quotation_shows_it_every_day() -> None:
    assert len(ids(live(without_anniversaries(1), 3))) == 3


def test_an_empty_corpus_has_nothing_to_choose() -> None:
    for order in QuoteOrder:
        assert choose_quote([], [], on=START, order=order, seed=1, theme="") is None


# ------------------------------------------------------------- shown by another bot


def elsewhere(history: Sequence[Shown], known_from: date | None = None) -> list[Shown]:
    """What a bot showed, as another is told of it."""
    return [replace(one, is_ours=False, known_from=known_from) for one in history]


@pytest.mark.parametrize("days", [1, 12, 20, 27, 45])
def test_another_bot_goes_on_with_the_round_in_the_same_order(days: int) -> None:
    quotes = without_anniversaries(20)
    lived = live(quotes, days + 20, start=date(2026, 2, 1))
    told = elsewhere(lived[:days])
    gone_on = live(quotes, 20, history=told, start=date(2026, 2, 1) + days * DAY)
    assert ids(gone_on) == ids(lived)


def test_what_another_bot_showed_today_is_not_shown_again_today() -> None:
    quotes = without_anniversaries(10)
    today = shown(START, choose(quotes)[0])
    assert choose(quotes, elsewhere([today]))[0].id != today.choice.quote_id


def test_a_push_that_two_bots_tell_of_is_one() -> None:
    quotes = without_anniversaries(10)
    lived = live(quotes, 6)
    told = sorted([*elsewhere(lived), *lived], key=lambda one: one.on)
    gone_on = live(quotes, 4, history=told, start=START + 6 * DAY)
    assert len(set(ids(gone_on))) == 10


def test_what_left_the_corpus_counts_again_when_it_is_back() -> None:
    quotes = without_anniversaries(10)
    told = elsewhere(live(quotes, 4))
    gone = {told[0].choice.quote_id, told[2].choice.quote_id}
    left = [one for one in quotes if one.id not in gone]
    meanwhile = live(left, 3, history=told, start=START + 4 * DAY)
    assert len(set(ids(live(quotes, 3, history=meanwhile, start=START + 7 * DAY)))) == 10


@settings(max_examples=150, deadline=None)
@given(
    count=st.integers(2, 25),
    there=st.integers(1, 60),
    here=st.integers(1, 60),
    seeds=st.tuples(st.integers(0, 2**63), st.integers(0, 2**63)),
)
def test_after_two_bots_showed_apart_neither_rounds_quotations_come_before_the_others(
    count: int, there: int, here: int, seeds: tuple[int, int]
) -> None:
    quotes = [replace(one, said_on=date(2030, 1, 1)) for one in without_anniversaries(25)[:count]]
    theirs = live(quotes, there, seed=seeds[0], start=START - there * DAY)
    ours = live(quotes, here, seed=seeds[1], start=START - here * DAY)
    both = sorted([*elsewhere(theirs, known_from=START), *ours], key=lambda one: one.on)
    running = {*ids(theirs[(there - 1) // count * count :])}
    running |= {*ids(ours[(here - 1) // count * count :])}
    others = {one.id for one in quotes} - running or {one.id for one in quotes}
    lived = live(quotes, len(others) + count, history=both, seed=seeds[1])
    coming = ids(lived)[there + here :]
    assert {*coming[: len(others)]} == others
    assert len({*coming[len(others) :]}) == count


# --------------------------------------------------------------------- 那年今日


def test_a_quotation_of_this_day_in_an_earlier_year_comes_on_its_day() -> None:
    quotes = [*without_anniversaries(20), quote("2024-11-24")]
    assert choose(quotes) == (quotes[-1], Reason.ANNIVERSARY)


def test_a_quotation_of_this_very_day_is_no_anniversary() -> None:
    assert choose([*without_anniversaries(20), quote("2026-11-24")])[1] is Reason.ROUND


def test_the_29th_of_february_has_its_anniversary_only_on_the_29th_of_february() -> None:
    quotes = [*without_anniversaries(20), quote("2024-02-29")]
    days = [date(2027, 2, 28), date(2027, 3, 1), date(2028, 2, 28), date(2028, 2, 29)]
    reasons = [choose(quotes, on=day)[1] is Reason.ANNIVERSARY for day in days]
    assert reasons == [False, False, False, True]


def test_of_several_anniversaries_the_one_not_yet_shown_in_the_round_comes_first() -> None:
    same_day = [quote("2023-11-24"), quote("2024-11-24"), quote("2025-11-24")]
    quotes = [*without_anniversaries(20), *same_day]
    history = [shown(START - 2 * DAY, same_day[0]), shown(START - DAY, same_day[2])]
    assert choose(quotes, history)[0] == same_day[1]


def test_of_several_anniversaries_all_shown_the_one_shown_longest_ago_comes_first() -> None:
    same_day = [quote("2023-11-24"), quote("2024-11-24")]
    quotes = [*without_anniversaries(20), *same_day]
    history = [shown(START - 2 * DAY, same_day[1]), shown(START - DAY, same_day[0])]
    assert choose(quotes, history)[0] == same_day[1]


def test_an_anniversary_of_one_already_shown_begins_no_new_round() -> None:
    anniversary = quote("2024-11-25")
    quotes = [*without_anniversaries(10), anniversary]
    history = [*live(quotes[:10], 4, start=START - 4 * DAY), shown(START, anniversary)]
    lived = live(quotes, 7, history=history, start=START + DAY)
    assert lived[5].choice.quote_reason == Reason.ANNIVERSARY
    assert len(set(ids(lived))) == 11


def test_a_round_holds_back_what_will_have_its_anniversary_within_it() -> None:
    coming = [quote(f"2024-12-{day:02d}") for day in (1, 3, 5)]
    quotes = [*without_anniversaries(12), *coming]
    for seed in range(20):
        history = live(quotes, 15, seed=seed)
        assert len(set(ids(history))) == 15
        reasons = {one.on.day: one.choice.quote_reason for one in history if one.on.month == 12}
        assert [reasons[day] for day in (1, 3, 5)] == [Reason.ANNIVERSARY] * 3


def test_an_anniversary_after_the_round_is_not_waited_for() -> None:
    quotes = [*without_anniversaries(4), quote("2024-12-24")]
    assert len(set(ids(live(quotes, 5)))) == 5


def test_what_has_its_anniversary_soon_after_the_round_comes_early_in_it() -> None:
    coming = [quote(f"2024-12-{day:02d}") for day in (9, 11, 13)]
    quotes = [*without_anniversaries(12), *coming]  # the round ends on the 8th
    for seed in range(20):
        history = live(quotes, 20, seed=seed)
        places = {at: one.choice.quote_id for at, one in enumerate(history)}
        for one in coming:
            first, second = (at for at, shown_id in places.items() if shown_id == one.id)
            assert second - first >= 5


# --------------------------------------------------------------- theme, by date


def test_a_theme_is_a_topic_or_words_of_the_text_whatever_their_width_and_case() -> None:
    quotes = [
        quote("2026-01-01", topics=["人工智能"]),
        quote("2026-01-02", text="发展 5G 网络。"),
        quote("2026-01-03"),
    ]
    assert set(ids(live(quotes, 4, theme="人工智能"))) == {"q-2026-01-01"}
    assert set(ids(live(quotes, 4, theme="５g网络"))) == {"q-2026-01-02"}


def test_a_theme_that_nothing_matches_gives_nothing() -> None:
    quotes = without_anniversaries(3)
    for order in QuoteOrder:
        assert choose_quote(quotes, [], on=START, order=order, seed=1, theme="没有") is None


def test_a_theme_has_a_round_of_its_own() -> None:
    quotes = [replace(one, topics=("甲",)) for one in without_anniversaries(5)]
    others = [quote(f"2026-02-{1 + at:02d}") for at in range(15)]
    before = live([*quotes, *others], 20)
    themed = live([*quotes, *others], 10, history=before, start=START + 20 * DAY, theme="甲")
    later = ids(themed)[20:]
    assert len(set(later[:5])) == len(set(later[5:])) == 5


def test_in_order_of_date_the_oldest_comes_first_and_again_after_the_newest() -> None:
    quotes = [quote("2020-05-01"), quote("2014-12-09"), quote("2020-05-01", 2)]
    history = live(quotes, 4, order=QuoteOrder.DATE)
    assert ids(history) == ["q-2014-12-09", "q-2020-05-01", "q-2020-05-01-2", "q-2014-12-09"]
    assert {one.choice.quote_reason for one in history} == {Reason.SEQUENCE}


def test_in_order_of_date_the_tenth_of_a_day_follows_the_ninth() -> None:
    quotes = [quote("2020-05-01", number) for number in range(1, 12)]
    assert ids(live(quotes, 11, order=QuoteOrder.DATE)) == [one.id for one in quotes]


def test_in_order_of_date_an_added_quotation_takes_its_place() -> None:
    old = [quote("2020-01-01"), quote("2022-01-01")]
    before = live(old, 1, order=QuoteOrder.DATE)
    added = [*old, quote("2019-01-01"), quote("2021-01-01")]
    after = live(added, 4, history=before, start=START + DAY, order=QuoteOrder.DATE)
    years = [one.removeprefix("q-")[:4] for one in ids(after)]
    assert years == ["2020", "2021", "2022", "2019", "2020"]


def test_in_order_of_date_the_round_before_is_no_start() -> None:
    quotes = without_anniversaries(5)
    history = live(quotes, 2)
    assert choose(quotes, history, on=START + 9 * DAY, order=QuoteOrder.DATE)[0] == quotes[0]


# ---------------------------------------------------------------- for all corpora

DATES = st.dates(date(2012, 1, 1), date(2026, 11, 30)) | st.dates(
    date(2025, 11, 1), date(2025, 12, 31)
)


@st.composite
def corpora(draw: st.DrawFn, most: int = 40) -> list[Quote]:
    said = draw(st.lists(DATES, min_size=1, max_size=most))
    return [
        replace(quote(one.isoformat()), id=f"q-{one.isoformat()}-{at}")
        for at, one in enumerate(said)
    ]


def has_anniversary(quotes: Sequence[Quote], on: date) -> set[str]:
    return {
        one.id
        for one in quotes
        if (one.said_on.month, one.said_on.day) == (on.month, on.day) and one.year < on.year
    }


@settings(max_examples=120, deadline=None)
@given(
    quotes=corpora(),
    added=corpora(),
    added_at=st.integers(0, 60),
    seed=st.integers(0, 2**63),
    gaps=st.lists(st.integers(1, 5), min_size=1, max_size=110),
)
def test_no_round_repeats_and_every_anniversary_comes_on_its_day(
    quotes: list[Quote], added: list[Quote], added_at: int, seed: int, gaps: list[int]
) -> None:
    added = [replace(one, id=f"{one.id}-added") for one in added]
    history: list[Shown] = []
    seen: set[str] = set()
    on = START
    for at, gap in enumerate(gaps):
        corpus = quotes + added if at >= added_at else quotes
        chosen, reason = choose(corpus, history, on=on, seed=seed)
        todays = has_anniversary(corpus, on)
        assert (reason is Reason.ANNIVERSARY) == bool(todays)
        if reason is Reason.ANNIVERSARY:
            assert chosen.id in todays
        elif chosen.id in seen:
            assert seen >= {one.id for one in corpus}
            seen = set()
        seen.add(chosen.id)
        history.append(shown(on, chosen, reason))
        on += gap * DAY


@settings(max_examples=120, deadline=None)
@given(quotes=corpora(), seed=st.integers(0, 2**63))
def test_with_a_push_a_day_no_anniversary_repeats_what_its_round_has_shown(
    quotes: list[Quote], seed: int
) -> None:
    every = {one.id for one in quotes}
    seen: set[str] = set()
    for one in live(quotes, 2 * len(quotes) + 40, seed=seed):
        chosen, is_anniversary = one.choice.quote_id, one.choice.quote_reason == Reason.ANNIVERSARY
        if seen == every:
            if is_anniversary:
                continue  # between two rounds: it belongs to neither
            seen = set()
        assert chosen not in seen
        seen.add(chosen)


@settings(max_examples=80, deadline=None)
@given(quotes=corpora(), seed=st.integers(0, 2**63), data=st.data())
def test_the_order_in_which_quotations_are_given_changes_nothing(
    quotes: list[Quote], seed: int, data: st.DataObject
) -> None:
    history = live(quotes, 12, seed=seed)
    on = START + 12 * DAY
    shuffled = data.draw(st.permutations(quotes))
    assert choose(shuffled, history, on=on, seed=seed) == choose(quotes, history, on=on, seed=seed)


@settings(max_examples=60, deadline=None)
@given(quotes=corpora(), seed=st.integers(0, 2**63))
def test_all_are_shown_within_a_round_and_its_anniversaries(quotes: list[Quote], seed: int) -> None:
    days = [START + ahead * DAY for ahead in range(len(quotes) + 366)]
    anniversaries = sum(bool(has_anniversary(quotes, day)) for day in days)
    lived = live(quotes, min(len(days), len(quotes) + anniversaries), seed=seed)
    assert set(ids(lived)) == {one.id for one in quotes}


# ----------------------------------------------------------------- the readings


def readings(count: int, *, blank: Sequence[int] = ()) -> list[Reading]:
    sections = tuple(
        Section(f"a-2026-04-01.{at}", f"第{at}节", 1, "" if at in blank else "导读", "")
        for at in range(count)
    )
    article = Article(
        "a-2026-04-01", "2026-04-x", "题", "某", "", "《刊》", PartialDate(2026), sections
    )
    return [Reading(article, section) for section in sections]


def nearby(*numbers: int) -> list[Nearby]:
    return [
        Nearby(f"a-2026-04-01.{number}", 9.0 - at, (f"词{number}", "产业"))
        for at, number in enumerate(numbers)
    ]


def read_daily(
    some: Sequence[Reading],
    nearest: Sequence[Nearby],
    days: int,
    *,
    order: ReadingOrder = ReadingOrder.NEAREST,
    about: Quote | None = None,
    history: Sequence[Shown] = (),
) -> list[Shown]:
    lived = list(history)
    for ahead in range(days):
        chosen = choose_reading(about, some, nearest, lived, order=order)
        assert chosen is not None
        reading, words = chosen
        choice = Choice(section_id=reading.id, section_reason=words)
        lived.append(Shown(START + ahead * DAY, choice))
    return lived


def numbers(history: Sequence[Shown]) -> list[int]:
    return [int(one.choice.section_id.rsplit(".", 1)[1]) for one in history]


QUOTE = quote("2026-01-01")


def test_the_nearest_reading_comes_first_with_the_words_it_shares() -> None:
    chosen = choose_reading(QUOTE, readings(5), nearby(3, 1), [], order=ReadingOrder.NEAREST)
    assert chosen is not None
    assert (chosen[0].id, chosen[1]) == ("a-2026-04-01.3", "词3、产业")


def test_no_near_reading_comes_again_until_all_near_ones_were_shown() -> None:
    history = numbers(read_daily(readings(9), nearby(3, 1, 7), 9, about=QUOTE))
    assert history == [3, 1, 7] * 3


def test_a_reading_shown_with_another_quotation_waits() -> None:
    before = read_daily(readings(9), nearby(3), 1, about=quote("2026-01-02"))
    after = read_daily(readings(9), nearby(3, 1), 2, about=QUOTE, history=before)
    assert numbers(after) == [3, 1, 3]


def test_at_most_eight_readings_are_near() -> None:
    history = read_daily(readings(20), nearby(*range(20)), 20, about=QUOTE)
    assert set(numbers(history)) == set(range(MAX_NEAR))


def test_a_reading_without_a_common_word_is_not_near() -> None:
    far = Nearby("a-2026-04-01.2", 0.0, ())
    assert set(numbers(read_daily(readings(5), [*nearby(4), far], 4, about=QUOTE))) == {4}


def test_with_nothing_near_the_readings_come_in_order() -> None:
    assert numbers(read_daily(readings(3), [], 4, about=QUOTE)) == [0, 1, 2, 0]


def test_without_a_quotation_the_readings_come_in_order() -> None:
    assert numbers(read_daily(readings(3), nearby(2), 4)) == [0, 1, 2, 0]


def test_in_order_the_nearest_does_not_matter() -> None:
    history = read_daily(readings(3), nearby(2), 4, about=QUOTE, order=ReadingOrder.SEQUENCE)
    assert numbers(history) == [0, 1, 2, 0]
    assert {one.choice.section_reason for one in history} == {""}


def test_in_order_it_goes_on_where_the_order_stopped() -> None:
    in_order = read_daily(readings(9), [], 2)
    between = read_daily(readings(9), nearby(7), 1, about=QUOTE, history=in_order)
    assert numbers(read_daily(readings(9), [], 1, history=between)) == [0, 1, 7, 2]


def test_a_section_without_text_is_not_given_to_read() -> None:
    assert numbers(read_daily(readings(4, blank=[0, 2]), nearby(2), 3, about=QUOTE)) == [1, 3, 1]


def test_without_readings_there_is_nothing_to_choose() -> None:
    assert choose_reading(QUOTE, [], nearby(1), [], order=ReadingOrder.NEAREST) is None


@pytest.mark.parametrize("order", list(ReadingOrder))
def test_a_section_of_the_history_that_is_gone_is_passed_over(order: ReadingOrder) -> None:
    gone = [Shown(START, Choice(section_id="a-2020-01-01.1"))]
    assert choose_reading(QUOTE, readings(3), [], gone, order=order) == (readings(3)[0], "")


@given(
    lists=st.lists(st.lists(st.integers(0, 11), min_size=1, unique=True), min_size=1, max_size=40)
)
def test_a_near_reading_never_comes_while_another_near_one_was_shown_less_lately(
    lists: list[list[int]],
) -> None:
    some = readings(12)
    history: list[Shown] = []
    for near in lists:
        history = read_daily(some, nearby(*near), 1, about=QUOTE, history=history)
        *before, chosen = numbers(history)
        last = {number: at for at, number in enumerate(before)}
        places = [last.get(number, -1) for number in near[:MAX_NEAR]]
        assert last.get(chosen, -1) == min(places)


def test_days_in_a_row_never_show_the_same_of_two_near_readings() -> None:
    history = numbers(read_daily(readings(9), nearby(5, 2), 12, about=QUOTE))
    assert all(one != following for one, following in pairwise(history))
