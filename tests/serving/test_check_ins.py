"""A week of check-ins with the bot wired as in production."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot.local.world import LocalMessage
from tests.pressing import labels
from tests.serving.conftest import Serving

DAY = timedelta(days=1)


def shows(push: LocalMessage, label: str) -> bool:
    return labels(push)[-1] == label


async def test_a_group_checks_in_for_a_week_and_gets_its_board(serving: Serving) -> None:
    telegram = serving.telegram
    people = [telegram.user(f"组员{number}") for number in range(12)]
    group = telegram.supergroup("读书会", serving.owner, people)
    telegram.add_bot(group, serving.owner)
    await serving.settle()
    await serving.say("/subscribe 08:00", serving.owner, group)
    await serving.say("/checkin 周榜 周一 12:00", serving.owner, group)
    for number in range(1, 7):  # Wednesday to Monday, at noon
        serving.clock.at += DAY
        await serving.studybot.catch_up()
        push = next(one for one in reversed(telegram.sent(group)) if "每日一语" in one.text)
        for person in people[: 2 * number]:
            label = labels(push)[-1]
            press = await serving.only_press(push, label, person)
            assert press.answer is not None
            assert "打卡成功" in press.answer["text"]
        await telegram.until(partial(shows, push, f"今天打卡 · {2 * number}"))
    (board,) = [one for one in telegram.sent(group) if "一周打卡榜" in one.text]
    assert "5 天　组员0（连续 5 天）、组员1（连续 5 天）" in board.text
    month = await serving.answer("/checkin 本月", people[0], group)
    assert "人次" in month.text
