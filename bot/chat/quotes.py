"""Quotations on their own: today's, a random one, a passage opened by a button.

Here live `/quote`, `/random` and the buttons of passages. Which quotation is today's is
`study.rotation`.
"""

from __future__ import annotations

import asyncio
import secrets

from telegram import Update

from bot.chat import replies
from bot.chat.context import Context
from bot.model import NO_PLAN, Answer, Chat, Choice, Corpus, DeliveryKind, QuoteOrder
from bot.render import dates, passages
from bot.render import help as wording
from bot.render.callbacks import AnotherQuote, OpenPassage, ShowRelated, TurnToPassage
from bot.render.language import _
from bot.render.push import why_quote
from bot.study.rotation import Reason, choose_quote

_RELATED = 5


async def today(update: Update, context: Context, text: str) -> None:
    """The quotation of this chat's day: that of the push, before and after it was sent.

    With an id behind it, that quotation.
    """
    chat = await context.meet(update)
    corpus = context.library.corpus
    named = corpus.quote(text.strip().casefold())
    if named is not None:
        await replies.reply(update, context, passages.passage(named, corpus))
        return
    on = context.today(chat)
    chosen = await choice_of_day(context, chat, corpus)
    quote = corpus.quote(chosen.quote_id)
    if quote is None:
        await replies.reply(update, context, wording.no_quotes())
        return
    answer = passages.quotation(
        quote,
        corpus,
        heading=_("📖 每日一语 · {day}", day=dates.day_of_week(on)),
        note=why_quote(chosen.quote_reason, quote, on),
    )
    await replies.reply(update, context, answer)


async def choice_of_day(context: Context, chat: Chat, corpus: Corpus) -> Choice:
    """What today's push shows, or would show; an empty choice when there is nothing."""
    on = context.today(chat)
    for delivery in await context.store.deliveries_on(chat.id, on):
        if (
            delivery.kind is DeliveryKind.PUSH
            and corpus.quote(delivery.choice.quote_id) is not None
        ):
            return delivery.choice
    history = await context.store.history(chat.id)
    for shown in history:  # here or elsewhere
        if shown.on == on and corpus.quote(shown.choice.quote_id) is not None:
            return shown.choice
    plan = (await context.store.day_plans([chat.id], [on])).get((chat.id, on), NO_PLAN)
    if corpus.quote(plan.quote_id) is not None:
        return Choice(plan.quote_id, Reason.PINNED)
    subscription = await context.store.subscription(chat.id)
    chosen = choose_quote(
        corpus.quotes,
        history,
        on=on,
        order=subscription.quote_order if subscription else QuoteOrder.ROUND,
        seed=chat.seed,
        theme=subscription.theme if subscription else "",
    )
    return Choice(chosen[0].id, chosen[1]) if chosen else Choice()


async def by_chance(update: Update, context: Context, text: str) -> None:
    """Any quotation."""
    await context.meet(update)
    await replies.reply(update, context, _any_but(context.library.corpus, ""))


async def another(update: Update, context: Context, action: AnotherQuote) -> None:
    """A button for any other quotation, in the same message."""
    await replies.turn(update, context, _any_but(context.library.corpus, action.quote_id))


def _any_but(corpus: Corpus, quote_id: str) -> Answer:
    """A quotation by chance, not the one named when there is any other."""
    others = [one for one in corpus.quotes if one.id != quote_id] or corpus.quotes
    if not others:
        return wording.no_quotes()
    heading = _("🎲 随机一条")
    return passages.quotation(secrets.choice(others), corpus, heading=heading, others=True)


async def open_passage(update: Update, context: Context, action: OpenPassage) -> None:
    """A numbered button: that passage in a new message."""
    answer = _passage(context.library.corpus, action.passage_id)
    await replies.reply(update, context, answer)


async def turn_to_passage(update: Update, context: Context, action: TurnToPassage) -> None:
    """上一条 and 下一条: that passage in the same message."""
    answer = _passage(context.library.corpus, action.passage_id)
    await replies.turn(update, context, answer)


def _passage(corpus: Corpus, passage_id: str) -> Answer:
    passage = corpus.passage(passage_id)
    return passages.passage(passage, corpus) if passage else passages.gone(passage_id)


async def show_related(update: Update, context: Context, action: ShowRelated) -> None:
    """Quotations near to a passage."""
    library = context.library
    passage = library.corpus.passage(action.passage_id)
    if passage is None:
        await replies.reply(update, context, passages.gone(action.passage_id))
        return
    # Off the event loop: the first comparison of passages loads a dictionary.
    others = await asyncio.to_thread(library.index.related, passage.id, _RELATED)
    await replies.reply(update, context, passages.related(passage, others))
