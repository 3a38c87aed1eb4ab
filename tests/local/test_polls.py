"""Quizzes are held to the Bot API's limits, and the bot is told who voted for what."""

from __future__ import annotations

from typing import Any

import pytest

from bot.local.world import LocalChat
from tests.bot_api_spec import BotApiSpec
from tests.local.conftest import Town

QUIZ: dict[str, Any] = {
    "question": "哪一年？",
    "options": ["2024年", "2025年", "2026年"],
    "type": "quiz",
    "correct_option_ids": [1],
    "explanation": "—— 在福建考察时强调",
    "is_anonymous": False,
}


async def send_quiz(town: Town, chat: LocalChat, **changes: Any) -> dict[str, Any]:
    sent: dict[str, Any] = await town.ok("sendPoll", chat_id=chat.id, **{**QUIZ, **changes})
    town.telegram.updates.collect()
    return sent


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"correct_option_ids": [1, 2]}, "quiz must have exactly one correct option"),
        ({"correct_option_ids": [-1]}, "invalid correct option identifier"),
        ({"explanation": "释" * 201}, "explanation length must not exceed 200"),
        ({"explanation": "𠮷" * 101}, "explanation length must not exceed 200"),
        ({"explanation": "一\n二\n三\n四"}, "explanation must have at most 2 line feeds"),
        ({"question": "𠮷" * 151}, "poll question length must not exceed 300"),
        ({"type": "riddle"}, "unsupported poll type"),
    ],
)
async def test_a_wrong_quiz_is_refused(town: Town, changes: dict[str, Any], why: str) -> None:
    given = {**QUIZ, **changes}
    refused = await town.refused("sendPoll", chat_id=town.started().id, **given)
    assert refused.startswith(f"400 Bad Request: {why}")


async def test_a_channel_takes_anonymous_polls_alone(town: Town) -> None:
    channel = town.telegram.channel("频道", town.fang)
    town.telegram.add_bot(channel, town.fang)

    refused = await town.refused("sendPoll", chat_id=channel.id, **QUIZ)

    assert "non-anonymous polls can't be sent to channel chats" in refused
    assert await town.ok("sendPoll", chat_id=channel.id, **{**QUIZ, "is_anonymous": True})


async def test_a_group_may_allow_no_polls(town: Town) -> None:
    group = town.group()
    group.has_no_polls = True

    assert "not enough rights to send polls" in await town.refused(
        "sendPoll", chat_id=group.id, **QUIZ
    )


async def test_a_quiz_cannot_be_voted_in_anew(town: Town) -> None:
    sent = await town.ok("sendPoll", chat_id=town.started().id, **QUIZ)
    assert sent["poll"]["allows_revoting"] is False
    assert sent["poll"]["correct_option_ids"] == [1]


async def test_the_bot_is_told_who_voted_for_what(town: Town) -> None:
    chat = town.started()
    sent = await send_quiz(town, chat)

    town.telegram.vote(chat, sent["message_id"], 1, town.ming)

    poll, answer = town.telegram.updates.collect()
    assert poll["poll"]["options"][1]["voter_count"] == 1
    assert answer["poll_answer"] == {
        "poll_id": sent["poll"]["id"],
        "user": town.ming.json(),
        "option_ids": [1],
        "option_persistent_ids": ["1"],
    }


async def test_what_the_bot_is_told_of_a_vote_is_as_the_spec_says(
    town: Town, spec: BotApiSpec
) -> None:
    chat = town.started()
    sent = await send_quiz(town, chat)
    town.telegram.vote(chat, sent["message_id"], 2, town.ming)

    for update in town.telegram.updates.collect():
        assert spec.object_mistakes("Update", update) == []


async def test_of_an_anonymous_vote_the_bot_is_told_the_count_alone(town: Town) -> None:
    chat = town.started()
    sent = await send_quiz(town, chat, is_anonymous=True)

    town.telegram.vote(chat, sent["message_id"], 0, town.ming)

    (update,) = town.telegram.updates.collect()
    assert update["poll"]["total_voter_count"] == 1


async def test_nobody_votes_twice_in_a_quiz(town: Town) -> None:
    chat = town.started()
    sent = await send_quiz(town, chat)
    town.telegram.vote(chat, sent["message_id"], 1, town.ming)

    with pytest.raises(ValueError, match="nobody can vote twice"):
        town.telegram.vote(chat, sent["message_id"], 2, town.ming)


async def test_in_a_poll_people_may_change_their_minds(town: Town) -> None:
    chat = town.started()
    sent = await town.ok("sendPoll", chat_id=chat.id, question="哪天？", options=["周一", "周二"])

    for option in (0, 1):
        town.telegram.vote(chat, sent["message_id"], option, town.ming)

    options = chat.messages[sent["message_id"]].extra["poll"]["options"]
    assert [one["voter_count"] for one in options] == [0, 1]


async def test_only_options_that_are_there_can_be_chosen(town: Town) -> None:
    chat = town.started()
    sent = await send_quiz(town, chat)

    with pytest.raises(ValueError, match="has no option"):
        town.telegram.vote(chat, sent["message_id"], 3, town.ming)
