"""What a push says: decided by what the chat wants, kept by the ledger, cut after the choice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.delivery.choose import Composed, Pushes, Skip
from bot.model import (
    Choice,
    Content,
    Corpus,
    Delivery,
    DeliveryKind,
    QuoteOrder,
    ReadingOrder,
    Shown,
    SkipReason,
    State,
    Subscription,
)
from bot.study.choice import Nearest, choose
from bot.study.rotation import Reason
from tests.delivery.conftest import MORNING, Scene

ON = date(2026, 11, 24)
SUBSCRIPTION = Subscription(
    -1, MORNING.time(), "Asia/Shanghai", first_on=ON, edited_at=MORNING, id=1
)


NO_CHOICE = Choice()


def delivery(chat_id: int, choice: Choice = NO_CHOICE, *, part: int = 1) -> Delivery:
    return Delivery(
        id=1, kind=DeliveryKind.PUSH, subject_id=1, chat_id=chat_id, thread_id=None, local_on=ON,
        part=part, state=State.CLAIMED, due_at=MORNING, missed_after=MORNING,
        not_before_at=MORNING, choice=choice,
    )  # fmt: skip


async def composed_of(scene: Scene, row: Delivery) -> Composed | Skip:
    pushes = Pushes(scene.store, lambda: (scene.corpus, scene.nearest))
    return (await pushes.prepare([row]))(row)


def test_both_are_chosen_and_the_reading_is_near_the_quotation(
    corpus: Corpus, nearest: Nearest
) -> None:
    choice = choose(corpus, nearest, SUBSCRIPTION, (), seed=1, on=ON)
    near = nearest(choice.quote_id)
    assert corpus.quote(choice.quote_id)
    assert choice.section_id == near[0].section_id
    assert choice.section_reason


@pytest.mark.parametrize(
    ("content", "has_quote", "has_section"),
    [(Content.QUOTE, True, False), (Content.READING, False, True), (Content.BOTH, True, True)],
)
def test_a_choice_holds_what_is_wanted(
    corpus: Corpus, nearest: Nearest, content: Content, has_quote: bool, has_section: bool
) -> None:
    wanted = replace(SUBSCRIPTION, content=content)
    choice = choose(corpus, nearest, wanted, (), seed=1, on=ON)
    assert (bool(choice.quote_id), bool(choice.section_id)) == (has_quote, has_section)


def test_orders_are_followed(corpus: Corpus, nearest: Nearest) -> None:
    wanted = replace(SUBSCRIPTION, quote_order=QuoteOrder.DATE, reading_order=ReadingOrder.SEQUENCE)
    history: list[Shown] = []
    for day in range(3):
        on = date(2026, 11, 1 + day)
        history.append(Shown(on, choose(corpus, nearest, wanted, history, seed=1, on=on)))
    assert [one.choice.quote_id for one in history] == [one.id for one in corpus.quotes[:3]]
    assert [one.choice.section_id for one in history] == [one.id for one in corpus.readings[:3]]


def test_nothing_of_the_theme_and_no_reading_wanted_is_nothing(
    corpus: Corpus, nearest: Nearest
) -> None:
    wanted = replace(SUBSCRIPTION, theme="没有这个主题", content=Content.QUOTE)
    assert choose(corpus, nearest, wanted, (), seed=1, on=ON) == Choice()


async def test_a_chat_without_a_subscription_is_skipped(scene: Scene) -> None:
    chat = scene.private()
    composed = await composed_of(scene, delivery(chat.id))
    assert composed == Skip(SkipReason.UNSUBSCRIBED)


async def test_a_chat_that_unsubscribed_after_the_claim_is_skipped(scene: Scene) -> None:
    chat = scene.private()
    await scene.subscribe(chat)
    await scene.unsubscribe(chat)
    composed = await composed_of(scene, delivery(chat.id))
    assert composed == Skip(SkipReason.UNSUBSCRIBED)


async def test_a_stored_choice_is_kept(scene: Scene) -> None:
    chat = scene.private()
    await scene.subscribe(chat)
    kept = Choice(scene.corpus.quotes[7].id, Reason.ROUND)
    composed = await composed_of(scene, delivery(chat.id, kept))
    assert isinstance(composed, Composed)
    assert composed.choice == kept


async def test_a_stored_choice_that_left_the_corpus_is_made_again(scene: Scene) -> None:
    chat = scene.private()
    await scene.subscribe(chat)
    composed = await composed_of(scene, delivery(chat.id, Choice("q-gone", Reason.ROUND)))
    assert isinstance(composed, Composed)
    assert scene.corpus.quote(composed.choice.quote_id)


async def test_the_rest_of_what_left_the_corpus_is_not_sent(scene: Scene) -> None:
    chat = scene.private()
    await scene.subscribe(chat)
    rest = delivery(chat.id, Choice("q-gone", Reason.ROUND), part=2)
    assert isinstance(await composed_of(scene, rest), Skip)
