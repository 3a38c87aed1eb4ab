"""What was missed comes back, and when."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Quiz, QuizCard, QuizKind, QuizTally
from bot.study.repetition import due_unanswered, is_card, next_keys, reviewed

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
KEYS = (
    "term:q-1:数字经济",
    "term:q-1:实体经济",
    "term:q-2:数字经济",
    "year:q-1",
    "year:q-2",
    "occasion:q-3",
)


def unanswered(key: str) -> QuizCard:
    return QuizCard(7, key, "", due_unanswered(NOON))


def quiz(card: str = "", asked_at: datetime = NOON) -> Quiz:
    return Quiz("1", 7, 1, "q-1", QuizKind.YEAR, "year:q-1", 1, 0, asked_at, card=card)


def went(right: int, answered: int, card: str = "", at: datetime = NOON) -> QuizTally:
    return QuizTally(quiz(card, at), answered, right, at)


def test_a_person_who_missed_it_is_asked_again_the_same_day() -> None:
    missed = reviewed(went(0, 1), is_private=True)

    assert missed.due_at == NOON + timedelta(minutes=10)


def test_a_person_who_knew_it_is_asked_again_after_days() -> None:
    assert reviewed(went(1, 1), is_private=True).due_at >= NOON + timedelta(days=2)


def test_a_group_is_asked_again_the_sooner_the_fewer_knew_it() -> None:
    well, half, badly = (
        reviewed(went(right, 50), is_private=False).due_at for right in (45, 30, 10)
    )

    assert NOON + timedelta(days=1) <= badly < well
    assert badly <= half <= well


def test_a_week_later_a_group_is_asked_what_it_missed_and_not_what_all_knew() -> None:
    def asked_of(key: str, right: int) -> QuizCard:
        tally = replace(went(right, 50), quiz=replace(quiz(), key=key))
        return reviewed(tally, is_private=False)

    cards = {key: asked_of(key, right) for key, right in zip(KEYS, (50, 10, 50), strict=False)}

    chosen = next_keys(KEYS, cards, NOON + timedelta(days=7), seed=1, count=3)

    assert chosen[0] == KEYS[1]
    assert {*chosen[1:]} <= {*KEYS[3:]}


def test_what_a_group_knows_again_and_again_still_comes_within_three_months() -> None:
    card, at = "", NOON
    for _time in range(4):
        after = reviewed(went(50, 50, card, at), is_private=False)
        assert after.due_at - at <= timedelta(days=90)
        card, at = after.card, after.due_at


def test_what_is_known_again_and_again_comes_ever_later() -> None:
    card, at, waits = "", NOON, []
    for _time in range(4):
        after = reviewed(went(1, 1, card, at), is_private=True)
        waits.append(after.due_at - at)
        card, at = after.card, after.due_at

    assert waits == sorted(waits)
    assert waits[-1] > timedelta(days=20)


def test_a_review_follows_from_the_card_that_was_asked_and_not_from_those_between() -> None:
    first = reviewed(went(1, 2), is_private=False)
    then = reviewed(went(40, 50), is_private=False)

    assert then != first
    assert then == reviewed(went(40, 50), is_private=False)


def test_nothing_is_reviewed_without_an_answer() -> None:
    with pytest.raises(ValueError, match="nothing was answered"):
        reviewed(QuizTally(quiz()), is_private=True)


def test_what_is_due_comes_before_what_is_new_the_most_overdue_first() -> None:
    cards = {
        "year:q-1": QuizCard(7, "year:q-1", "{}", NOON - timedelta(days=1)),
        "year:q-2": QuizCard(7, "year:q-2", "{}", NOON - timedelta(days=3)),
        "occasion:q-3": QuizCard(7, "occasion:q-3", "{}", NOON + timedelta(days=3)),
    }

    chosen = next_keys(KEYS, cards, NOON, seed=1, count=3)

    assert chosen[:2] == ("year:q-2", "year:q-1")
    assert chosen[2] in KEYS[:3]


def test_new_questions_differ_in_what_they_ask_and_of_what() -> None:
    chosen = next_keys(KEYS, {}, NOON, seed=5, count=3)

    assert len({key.split(":")[0] for key in chosen}) == 3
    assert len({key.split(":")[1] for key in chosen}) == 3


def test_when_all_was_asked_the_unanswered_come_before_what_is_not_due() -> None:
    cards = {key: replace(unanswered(key), card="{}") for key in KEYS}
    cards["year:q-1"] = unanswered("year:q-1")

    assert next_keys(KEYS, cards, NOON, seed=1, count=1) == ("year:q-1",)


@given(st.integers(0, 2**63 - 1), st.integers(1, 10), st.sets(st.sampled_from(KEYS)))
def test_each_question_is_chosen_once_and_as_many_as_there_are(
    seed: int, count: int, known: set[str]
) -> None:
    cards = {key: unanswered(key) for key in known}

    chosen = next_keys(KEYS, cards, NOON, seed=seed, count=count)

    assert len(chosen) == min(count, len(KEYS)) == len(set(chosen))


@given(st.integers(1, 50).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_every_result_gives_a_moment_ahead(result: tuple[int, int]) -> None:
    for is_private in (True, False):
        assert reviewed(went(*result), is_private=is_private).due_at > NOON


@pytest.mark.parametrize("text", ["{}", "[]", "nonsense", '{"card_id":1}', "null", '"x"'])
def test_what_is_no_card_is_told_from_one(text: str) -> None:
    assert not is_card(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stability", None),
        ("stability", float("nan")),
        ("stability", 0),
        ("stability", "x"),
        ("difficulty", None),
        ("state", 9),
        ("state", 3),
        ("due", "2026-11-24T04:00:00"),
        ("last_review", None),
        ("last_review", "9999-12-31T23:00:00+00:00"),
    ],
)
def test_a_card_that_cannot_be_reviewed_is_none(name: str, value: object) -> None:
    card = json.loads(reviewed(went(1, 1), is_private=False).card)
    card[name] = value

    assert not is_card(json.dumps(card))


def test_cards_as_they_are_kept_are_known() -> None:
    assert is_card("")
    assert is_card(reviewed(went(1, 2), is_private=False).card)
