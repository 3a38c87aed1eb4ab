"""The daily push of a chat: `/subscribe`, `/unsubscribe`, `/settings` and the panel's buttons.

Here lives how a wish changes a subscription, or how the chat is spoken to. Wording is
`render.settings`, when a push is due is `study.calendar`, who may change anything is
`chat.rights`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Update

from bot.chat import languages, replies
from bot.chat.context import Context
from bot.chat.rights import may_change
from bot.chat.wishes import NotUnderstoodError, read_wishes
from bot.chat.zones import move_to_zone
from bot.errors import StudyWordError
from bot.model import (
    Answer,
    Card,
    Chat,
    Content,
    Corpus,
    DeliveryKind,
    Language,
    QuoteOrder,
    ReadingOrder,
    Script,
    Subscription,
)
from bot.render import help as wording
from bot.render import refusals
from bot.render import settings as words
from bot.render.callbacks import Setting
from bot.render.language import _
from bot.study import calendar
from bot.study.rotation import choose_quote

_INSTANT = timedelta(microseconds=1)
_ONE_DAY = timedelta(days=1)
_LONGEST_THEME = 40  # characters
_SPOKEN = ("language", "script")  # what a chat chooses with or without a subscription


# --------------------------------------------------------------------- by words


async def subscribe(update: Update, context: Context, text: str) -> None:
    """Start the daily push here, or change one that runs, as far as the words go."""
    if not await may_change(update, context):
        return
    chat = await context.meet(update)
    before = await _current(update, context, chat)
    thread_id = replies.thread_of(update)
    said = await _wished(update, context, text, "/subscribe")
    if said is None:
        return
    said = {"is_active": True, "thread_id": thread_id} | said
    saved = await _carry_out(context, chat, before, said)
    place = await _place(update, context, saved)
    answer = words.subscribed(saved, place, before, is_zone_said="zone" in said)
    await replies.reply(update, context, answer)


async def unsubscribe(update: Update, context: Context, text: str) -> None:
    """Stop the daily push and keep its settings."""
    if not await may_change(update, context):
        return
    chat = await context.meet(update)
    before = await _current(update, context, chat)
    saved = before
    if before.is_active:
        saved = await _save(context, chat, before, replace(before, is_active=False))
    place = await _place(update, context, saved)
    answer = words.unsubscribed(place, was_active=before.is_active)
    await replies.reply(update, context, answer)


async def settings(update: Update, context: Context, text: str) -> None:
    """The panel; with words after it (`时区 东京`), that change and then the panel."""
    if text and not await may_change(update, context):
        return
    chat = await context.meet(update)
    before = await _current(update, context, chat)
    if not text:
        place = await _place(update, context, before)
        await replies.reply(update, context, words.panel(before, place))
        return
    said = await _wished(update, context, text, "/settings")
    if said is None:
        return
    saved = await _carry_out(context, chat, before, said)
    place = await _place(update, context, saved)
    await replies.reply(update, context, words.changed(saved, place))


async def _wished(
    update: Update, context: Context, text: str, command: str
) -> dict[str, Any] | None:
    """What the words want changed: fields of the subscription, language and script.

    None when they were refused and that was said, with examples of the command.
    """
    refusal: Answer
    topics = _topics(context.library.corpus)
    try:
        said = dict(read_wishes(text, topics).said)
    except StudyWordError as error:
        refusal = words.word_refused(refusals.sentence(error))
    except NotUnderstoodError as error:
        refusal = words.not_understood(error.piece, command)
    else:
        if not _has_theme(context.library.corpus, said.get("theme", "")):
            refusal = words.unknown_theme(said["theme"], topics)
        else:
            if "here" in said:
                said["thread_id"] = replies.thread_of(update) if said.pop("here") else None
            return said
    await replies.reply(update, context, refusal)
    return None


# ------------------------------------------------------------------- by buttons


async def pressed(update: Update, context: Context, action: Setting) -> None:
    """A button of the panel: a menu, or a new value; the message shows the result."""
    if not await may_change(update, context):
        return
    chat = await context.meet(update)
    before = await _current(update, context, chat)
    if action.value is None:
        await _show_menu(update, context, before, action.field)
        return
    try:
        changes = _CHANGES[action.field](action.value, replies.thread_of(update))
    except (KeyError, ValueError):
        await replies.acknowledge(update, _(wording.OUTDATED))
        await replies.reply(update, context, wording.outdated_button())
        return
    saved = await _carry_out(context, chat, before, changes)
    place = await _place(update, context, saved)
    await replies.turn(update, context, words.panel(saved, place))
    await replies.acknowledge(update, _(words.DONE))


async def _show_menu(
    update: Update, context: Context, subscription: Subscription, field: str
) -> None:
    place = await _place(update, context, subscription)
    topics = _topics(context.library.corpus)
    shown = (
        words.panel(subscription, place)
        if field == words.PANEL
        else words.menu(field, subscription, place, topics)
    )
    if shown is None:
        await replies.acknowledge(update, _(wording.OUTDATED))
        await replies.reply(update, context, wording.outdated_button())
        return
    await replies.turn(update, context, shown)
    await replies.acknowledge(update)


def _read_switch(value: str) -> bool:
    return {words.ON: True, words.OFF: False}[value]


def _read_thread(value: str, here: int | None) -> int | None:
    return {words.HERE: here, words.GENERAL: None}[value]


# Field of a button -> its value and the topic it was pressed in -> what is to be changed.
_CHANGES: Mapping[str, Callable[[str, int | None], dict[str, Any]]] = {
    "time": lambda value, here: {"push_at": words.read_time_value(value)},
    "zone": lambda value, here: {"zone": ZoneInfo(value).key},
    "days": lambda value, here: {"days": words.read_days_value(value)},
    "content": lambda value, here: {"content": Content(value)},
    "quotes": lambda value, here: {"quote_order": QuoteOrder(value)},
    "reads": lambda value, here: {"reading_order": ReadingOrder(value)},
    "theme": lambda value, here: {"theme": value},
    "card": lambda value, here: {"card": Card(value)},
    "checkin": lambda value, here: {"has_check_in": _read_switch(value)},
    "topic": lambda value, here: {"thread_id": _read_thread(value, here)},
    "push": lambda value, here: {"is_active": _read_switch(value)},
    "lang": lambda value, here: {"language": Language(value)},
    "script": lambda value, here: {"script": Script(value)},
}


# --------------------------------------------------------- what it all comes down to


async def _current(update: Update, context: Context, chat: Chat) -> Subscription:
    """The chat's subscription; where there is none yet, an inactive one from the defaults."""
    stored = await context.store.subscription(chat.id)
    if stored is not None:
        return stored
    return Subscription(
        chat_id=chat.id,
        push_at=context.services.default_push_at,
        zone=chat.zone,
        first_on=context.today(chat),
        edited_at=context.now(),
        thread_id=replies.thread_of(update),
        grace=context.services.grace,
        is_active=False,
    )


async def _carry_out(
    context: Context, chat: Chat, before: Subscription, wanted: Mapping[str, Any]
) -> Subscription:
    """Change what is the chat's own (how it is spoken to), then its subscription."""
    spoken = {name: value for name, value in wanted.items() if name in _SPOKEN}
    if spoken:
        chat = await languages.change(context, chat, **spoken)
    rest = {name: value for name, value in wanted.items() if name not in _SPOKEN}
    if not rest:
        return before
    return await _save(context, chat, before, replace(before, **rest))


async def _save(
    context: Context, chat: Chat, before: Subscription, after: Subscription
) -> Subscription:
    """Store the change and what follows from it: the first day, the next look, the zone.

    While time, zone and days stay, the clock's next look at the row stays too: a push
    that has just come due and is not yet planned must not be passed over.
    """
    now = context.now()
    is_started = after.is_active and not before.is_active
    is_moved = (before.push_at, before.zone, before.days) != (
        after.push_at,
        after.zone,
        after.days,
    )
    if is_started:
        first_on = calendar.first_push_on(after.push_at, after.zone, now)
        after = replace(after, first_on=first_on)
    elif is_moved and after.is_active:
        after = replace(after, first_on=await _first_on(context, before, after))
    if is_started or is_moved:
        after = replace(after, edited_at=now)
        after = replace(after, next_due_at=calendar.next_due(after, now))
    if not after.is_active:
        after = replace(after, next_due_at=None)
    await move_to_zone(context, chat, after.zone)
    return await context.store.save_subscription(after)


async def _first_on(context: Context, before: Subscription, after: Subscription) -> date:
    """The first local date of a push at another time, or in another zone.

    One that has not come yet comes today where its time is still ahead, as for those who
    subscribe now; unless today, by the new clocks, there was a push before.
    """
    moved_to = calendar.first_on_moved(before, after.push_at, after.zone, context.now())
    if moved_to < before.first_on:
        pushed = [one.on for one in await context.store.history(after.chat_id) if one.is_ours]
        if pushed and max(pushed) >= moved_to:
            return before.first_on
    return moved_to


async def _place(update: Update, context: Context, subscription: Subscription) -> words.Place:
    """Where the panel stands now; the chat as stored, with its new zone if that changed."""
    chat = await context.meet(update)
    now = context.now()
    next_at = calendar.next_due(subscription, now)
    if next_at is not None:
        on = calendar.local_date(next_at, subscription.zone)
        rows = await context.store.deliveries_on(chat.id, on)
        if any(row.kind is DeliveryKind.PUSH for row in rows):
            # That date has had its push, at another time of day: once per local date.
            tomorrow = calendar.moment(on + _ONE_DAY, time.min, subscription.zone)
            next_at = calendar.next_due(subscription, tomorrow - _INSTANT)
    # One extra brings the fonts of charts and of cards.
    has_cards = context.services.font is not None
    return words.Place(
        chat, context.today(chat), next_at, replies.thread_of(update), has_cards=has_cards
    )


def _has_theme(corpus: Corpus, theme: str) -> bool:
    """True when pushes of this theme would find a quotation; "" is every theme."""
    some = choose_quote(corpus.quotes, (), on=date.min, order=QuoteOrder.DATE, seed=0, theme=theme)
    return not theme or (some is not None and len(theme) <= _LONGEST_THEME)


def _topics(corpus: Corpus) -> tuple[str, ...]:
    """Themes that some quotation has, the most frequent first."""
    counted = Counter(topic for quote in corpus.quotes for topic in quote.topics)
    return tuple(topic for topic, _ in counted.most_common())
