"""Each chat's push comes in its own language and script, whatever was sent just before it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.app.fonts import chinese_serif
from bot.delivery.plan import tick
from bot.local.world import LocalChat
from bot.model import Card, ChatKind, Language, Script
from bot.render import card
from bot.render.language import as_read, language, speaking
from tests.bot_api_server import Fault, FaultKind
from tests.delivery.conftest import MINUTE, MORNING, SHANGHAI, Scene, long_winded
from tests.delivery.test_worker import SENTENCES, SERVER_ERROR

CHOICES = [
    (Language.SIMPLIFIED, Script.PRINTED),
    (Language.TRADITIONAL, Script.PRINTED),
    (Language.TRADITIONAL, Script.TRADITIONAL),
    (Language.ENGLISH, Script.PRINTED),
    (Language.ENGLISH, Script.TRADITIONAL),
]
HEADINGS = {
    Language.SIMPLIFIED: "📖 每日一语 · 11月24日 星期二",
    Language.TRADITIONAL: "📖 每日一語 · 11月24日 星期二",
    Language.ENGLISH: "📖 Quotation of the day · Tue, 24 November",
}


async def choose(
    scene: Scene, chat: LocalChat, spoken: Language, script: Script = Script.PRINTED
) -> None:
    """What a chat's administrators have chosen in /settings."""
    kind = ChatKind(str(chat.kind))
    met = await scene.store.meet_chat(chat.id, kind, chat.title, SHANGHAI)
    await scene.store.save_chat(replace(met, language=spoken, script=script))


async def test_in_one_batch_each_chat_is_spoken_to_in_its_own_language(scene: Scene) -> None:
    groups = [scene.group() for _ in range(3 * len(CHOICES))]
    for number, group in enumerate(groups):
        await scene.subscribe(group)
        await choose(scene, group, *CHOICES[number % len(CHOICES)])
    scene.clock.at = MORNING
    await scene.push()
    for number, group in enumerate(groups):
        spoken, script = CHOICES[number % len(CHOICES)]
        (text,) = scene.texts(group)
        quote = scene.corpus.quote((await scene.row(group)).choice.quote_id)
        assert quote is not None
        with speaking(spoken, script):
            assert text.startswith(HEADINGS[spoken])
            assert as_read(quote.text) in text
    assert language() is Language.SIMPLIFIED


@pytest.mark.parametrize(("spoken", "script"), CHOICES[1:])
async def test_a_push_is_ended_in_the_language_it_was_begun_in(
    scene: Scene, spoken: Language, script: Script
) -> None:
    scene.corpus = long_winded(scene.corpus, SENTENCES)
    group = scene.group()
    await scene.subscribe(group)
    await choose(scene, group, spoken, script)
    scene.clock.at = MORNING
    scene.fail(None, SERVER_ERROR)
    await scene.push()
    assert len(scene.texts(group)) == 1
    await choose(scene, group, Language.SIMPLIFIED)
    scene.clock.move(MINUTE)
    await scene.push()
    said = "".join(scene.texts(group))
    with speaking(spoken, script):
        numbers = [said.index(as_read(f"第{number}句")) for number in range(1000)]
    assert numbers == sorted(numbers)
    assert said.count(HEADINGS[spoken]) == 1


async def test_the_next_push_is_in_the_language_chosen_since(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    await scene.push()
    await choose(scene, group, Language.ENGLISH)
    scene.clock.move(24 * 60 * MINUTE)
    await scene.push()
    first, second = scene.texts(group)
    assert first.startswith(HEADINGS[Language.SIMPLIFIED])
    assert second.startswith("📖 Quotation of the day · Wed, 25 November")


async def test_what_may_be_a_repeat_says_so_in_the_language_of_the_chat(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    await choose(scene, group, Language.ENGLISH)
    scene.clock.at = MORNING
    scene.fail(Fault(FaultKind.LOSE_REPLY))
    await scene.push()
    scene.clock.move(MINUTE)
    await scene.push()
    assert scene.texts(group)[-1].startswith("(Network trouble: this may be a repeat)")


async def test_a_picture_is_drawn_in_the_script_of_the_chat_and_kept_apart(scene: Scene) -> None:
    scene.font = chinese_serif()
    groups = [scene.group() for _ in CHOICES]
    for group, chosen in zip(groups, CHOICES, strict=True):
        await scene.subscribe(group, card=Card.LIGHT, theme="人工智能")
        await choose(scene, group, *chosen)
    scene.clock.at = MORNING
    await tick(scene.store)
    await scene.worker().drain()
    sent = [scene.telegram.sent(group)[0] for group in groups]
    assert all("photo" in message.extra for message in sent)
    kept = {message.extra["photo"][-1]["file_unique_id"] for message in sent}
    assert len(kept) == len(CHOICES)


def test_a_card_in_english_has_an_english_head_and_date(scene: Scene) -> None:
    font = chinese_serif()
    assert font is not None
    quote = scene.corpus.quotes[0]
    plain = card.draw(quote, "", Card.LIGHT, font)
    assert plain != card.draw(quote, "", Card.LIGHT, font, Language.ENGLISH)
    assert plain == card.draw(quote, "", Card.LIGHT, font)


async def test_a_letter_to_the_owner_is_in_the_owners_language(scene: Scene) -> None:
    private = scene.private()
    await choose(scene, private, Language.ENGLISH)
    group = scene.group()
    await scene.subscribe(group)

    async def speaks() -> tuple[Language, Script]:
        return await scene.store.spoken(private.id)

    worker = scene.worker(owner_speaks=speaks)
    scene.clock.at = MORNING
    scene.fail(Fault(FaultKind.STATUS, status=400, description="Bad Request: no"))
    await scene.push(worker)
    assert scene.told[0].startswith("⚠️ Not sent, and not to be tried again:")
