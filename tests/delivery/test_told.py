"""What `/why` says of pushes that really went, or did not, for each thing that can hold them up."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.why import day_told
from bot.delivery.plan import tick
from bot.local.world import LocalChat
from bot.render.why import story
from bot.study import calendar
from tests.bot_api_server import Fault, FaultKind
from tests.delivery.conftest import MINUTE, MORNING, SHANGHAI, Scene, long_winded
from tests.render.conftest import seen

THREE_MESSAGES = "".join(f"第{number}句话说到这里。" for number in range(1000))
UNREACHABLE = Fault(FaultKind.STATUS, status=502)
TOO_LATE = "能送的时候已经晚了太久，就不再打扰了。"


async def told(scene: Scene, chat: LocalChat) -> list[str]:
    """The lines of today's story, without heading and content."""
    stored = await scene.store.chat(chat.id)
    assert stored is not None
    now = scene.clock()
    today = await day_told(scene.store, stored, calendar.local_date(now, SHANGHAI), now)
    lines = seen(story(today).text).splitlines()[2:]
    return [line for line in lines if not line.startswith("内容：")]


async def long_push(scene: Scene) -> LocalChat:
    """A person to whom a push of three messages is due now."""
    scene.corpus = long_winded(scene.corpus, THREE_MESSAGES)
    return await due(scene)


async def due(scene: Scene) -> LocalChat:
    person = scene.private()
    await scene.subscribe(person)
    scene.clock.at = MORNING
    return person


async def test_all_messages_of_a_push_that_arrived(scene: Scene) -> None:
    person = await long_push(scene)
    await scene.push()
    ids = [one.id for one in scene.telegram.sent(person)]
    assert len(ids) == 3
    assert await told(scene, person) == [
        "预定 08:00，共 3 条。",
        *(f"第 {part} 条：08:00 送到（消息编号 {id_}）。" for part, id_ in enumerate(ids, 1)),
    ]


async def test_a_second_message_that_telegram_refused(scene: Scene) -> None:
    person = await long_push(scene)
    scene.fail(None, Fault(FaultKind.STATUS, status=400, description="Bad Request: no"))
    await scene.push()
    second, third = (await told(scene, person))[2:]
    assert second.startswith("第 2 条：没有送成，不会再试了。原因：")
    assert third == "第 3 条：没有送。原因：前面有一条放弃了，后面的就不接着送了。"


async def test_a_second_message_that_waits(scene: Scene) -> None:
    person = await long_push(scene)
    pause = {"retry_after": 300}
    scene.fail(None, Fault(FaultKind.STATUS, status=429, parameters=pause))
    await scene.push()
    assert (await told(scene, person))[2:] == [
        "第 2 条：试了 1 次，08:05 再试。原因：Telegram 让稍等再发。",
        "第 3 条：正排队等着送出，请稍等一两分钟。",
    ]


async def test_a_second_message_in_doubt_that_was_sent_again(scene: Scene) -> None:
    person = await long_push(scene)
    scene.fail(None, Fault(FaultKind.LOSE_REPLY))
    await scene.push()
    scene.clock.move(MINUTE)
    await scene.push()
    twice = ["可能收到两次" in line for line in await told(scene, person)]
    assert twice == [False, False, True, False]


async def test_a_late_push_in_a_chat_that_was_paused(scene: Scene) -> None:
    person = await due(scene)
    await scene.store.pause(MORNING + 20 * MINUTE, person.id)
    await scene.push()
    scene.clock.move(21 * MINUTE)
    await scene.push()
    (line,) = await told(scene, person)
    assert line.endswith("晚了 21 分钟，先前遇到：Telegram 让稍等再发。")


async def test_a_late_push_that_the_database_held_up_is_not_laid_to_the_program(
    scene: Scene,
) -> None:
    person = await due(scene)
    await tick(scene.store)
    scene.clock.move(21 * MINUTE)
    await scene.push()
    (line,) = await told(scene, person)
    assert line.endswith("晚了 21 分钟，原因没有记下。")


async def test_a_push_given_up_after_telegram_could_not_be_reached(scene: Scene) -> None:
    person = await due(scene)
    scene.fail(UNREACHABLE)
    await scene.push()
    scene.clock.move(timedelta(hours=7))
    await scene.push()
    (line,) = await told(scene, person)
    assert line.startswith(f"预定 08:00。没有送成。原因：{TOO_LATE}在那之前试过 1 次；")


async def test_a_push_given_up_because_the_bot_was_gone_meanwhile(scene: Scene) -> None:
    person = await due(scene)
    await tick(scene.store)
    await scene.store.deactivate_chat(person.id, "blocked")
    scene.clock.move(timedelta(hours=7))
    await scene.push()
    assert await told(scene, person) == [
        f"预定 08:00。没有送。原因：{TOO_LATE}在那之前没能送：机器人当时被移出或停用了。"
    ]


async def test_of_a_push_that_nobody_planned_in_time_no_cause_is_made_up(scene: Scene) -> None:
    person = await due(scene)
    scene.clock.move(timedelta(hours=7))
    await scene.push()
    assert await told(scene, person) == [f"预定 08:00。没有送。原因：{TOO_LATE}"]
