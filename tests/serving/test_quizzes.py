"""Weeks of quizzes with the bot wired as in production: fifty members, and what they missed."""

from __future__ import annotations

from datetime import timedelta

from bot.local.world import LocalChat, LocalMessage, LocalUser
from tests.serving.conftest import Serving

DAY = timedelta(days=1)


def quizzes(serving: Serving, group: LocalChat) -> list[LocalMessage]:
    return [one for one in serving.telegram.sent(group) if "poll" in one.extra]


async def answer(
    serving: Serving, message: LocalMessage, people: list[LocalUser], knowing: int
) -> None:
    """All vote at once, that many of them rightly."""
    (correct,) = message.extra["poll"]["correct_option_ids"]
    for number, person in enumerate(people):
        option = correct if number < knowing else (correct + 1) % 3
        serving.telegram.vote(message.chat, message.id, option, person)
    await serving.settle()


async def gather(serving: Serving) -> tuple[LocalChat, list[LocalUser]]:
    people = [serving.telegram.user(f"组员{number}") for number in range(50)]
    group = serving.telegram.supergroup("读书会", serving.owner, people)
    serving.telegram.add_bot(group, serving.owner)
    await serving.settle()
    return group, people


async def pass_days(serving: Serving, days: int) -> None:
    for _day in range(days):
        serving.clock.at += DAY
        await serving.studybot.catch_up()


async def test_a_group_is_asked_each_week_and_what_most_missed_comes_back(
    serving: Serving,
) -> None:
    group, people = await gather(serving)
    await serving.say("/quiz 每周五 11:00 3题", serving.owner, group)

    await pass_days(serving, 4)
    first_week = quizzes(serving, group)
    for message, knowing in zip(first_week, (48, 10, 50), strict=True):
        await answer(serving, message, people, knowing)
    told = await serving.answer("/quiz 成绩", people[0], group)
    await pass_days(serving, 7)
    second_week = quizzes(serving, group)[3:]

    assert "50 人参加，一共作答 150 次，答对 108 次（72%）" in told.text
    assert "（50 人答，40 人没答上）" in told.text
    assert not any(person.name in told.text for person in people)
    assert len(second_week) == 3
    keys = {
        tally.quiz.message_id: tally.quiz.key
        for tally in await serving.studybot.store.quiz_tallies(
            group.id, serving.clock.at - 20 * DAY
        )
    }
    assert keys[second_week[0].id] == keys[first_week[1].id]


async def test_why_tells_of_the_quiz_of_a_day(serving: Serving) -> None:
    group, _people = await gather(serving)
    await serving.say("/quiz 每天 11:00 2题", serving.owner, group)
    await pass_days(serving, 1)

    told = await serving.answer("/why 今天", serving.owner, group)

    assert told.text.count("🧩 测验") == 1
    assert "预定 11:00，共 2 条。" in told.text
    assert "内容：" in told.text


async def test_a_quiz_follows_a_corpus_that_changed(serving: Serving) -> None:
    group, _people = await gather(serving)
    serving.files.add(
        "2027-01-digital",
        ("2017-12-08", "要推动大数据技术产业创新发展，加快构建自主可控的大数据产业链、价值链。"),
        ("2019-05-26", "要把握好数字化、网络化、智能化融合发展的契机，在质量变革中发挥作用。"),
    )
    await serving.say("/reload", serving.owner)

    (said,) = await serving.say("/quiz 大数据", serving.owner, group)

    assert "大数据" in str(said.extra["poll"])


async def test_a_group_takes_its_quizzes_along(serving: Serving) -> None:
    group, people = await gather(serving)
    (message,) = await serving.say("/quiz", people[0], group)
    await answer(serving, message, people, 20)
    (export,) = await serving.say("/export", serving.owner, group)
    other, _people = await gather(serving)
    content = serving.telegram.files["document", export.extra["document"]["file_id"]].content

    serving.telegram.send_file(
        other, serving.owner, "studybot-export.json", content, caption="/import"
    )
    await serving.settle()

    told = await serving.answer("/quiz 成绩", serving.owner, other)
    assert "50 人参加，一共作答 50 次，答对 20 次（40%）" in told.text
