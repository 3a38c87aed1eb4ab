"""Polls and quizzes: what `sendPoll` takes, and what a vote in one does.

Here live the rules of the Bot API (core.telegram.org/bots/api#sendpoll) that a poll can break.
That people vote is in people.py.
"""

from __future__ import annotations

from typing import Any

from bot.local.entities import utf16_length
from bot.local.people import People
from bot.local.refusal import bad_request
from bot.local.rules import Fields, within
from bot.local.sending import formatted, post, writable
from bot.local.world import Json, Kind

_MOST_LINE_FEEDS = 2


def send_poll(people: People, fields: Fields) -> Json:
    """A poll or a quiz; the Message."""
    question, _ = formatted(people, fields, "question", "question_entities", "question_parse_mode")
    size = utf16_length(question)
    within("sendPoll", "question", size, "poll question length must not exceed 300")
    options = _options(fields)
    kind = fields.get("type", "regular")
    if kind not in ("regular", "quiz"):
        raise bad_request("unsupported poll type specified")
    is_anonymous = fields.get("is_anonymous", True)
    chat = people.find_chat(fields["chat_id"])
    writable(people, chat)
    if chat.has_no_polls and not chat.member(people.bot).status.rules:
        raise bad_request("not enough rights to send polls to the chat")
    if chat.kind is Kind.CHANNEL and not is_anonymous:
        raise bad_request("non-anonymous polls can't be sent to channel chats")
    poll: Json = {
        "id": people.next_query_id(),
        "question": question,
        "options": [
            {"persistent_id": str(number), "text": text, "voter_count": 0}
            for number, text in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": fields.get("is_closed", False),
        "is_anonymous": is_anonymous,
        "type": kind,
        "allows_multiple_answers": fields.get("allows_multiple_answers", False),
        "allows_revoting": fields.get("allows_revoting", kind == "regular"),
        "members_only": fields.get("members_only", False),
    }
    poll.update(_quiz(people, fields, len(options)) if kind == "quiz" else {})
    return post(people, fields, extra={"poll": poll})


def _options(fields: Fields) -> list[str]:
    options = [option["text"].strip() for option in fields["options"]]
    within("sendPoll", "options", len(options), "poll must have at most 12 options")
    for option in options:
        size = utf16_length(option)
        within("InputPollOption", "text", size, "poll options length must not exceed 100")
    return options


def _quiz(people: People, fields: Fields, options: int) -> dict[str, Any]:
    """What only a quiz has: the right answers, and why."""
    correct = fields.get("correct_option_ids", [])
    if not correct:
        raise bad_request("quiz must have a correct option")
    if any(not 0 <= one < options for one in correct) or correct != sorted(set(correct)):
        raise bad_request("invalid correct option identifier specified")
    if len(correct) > 1 and not fields.get("allows_multiple_answers"):
        raise bad_request("quiz must have exactly one correct option")
    explanation, entities = formatted(
        people, fields, "explanation", "explanation_entities", "explanation_parse_mode"
    )
    size = utf16_length(explanation)
    within("sendPoll", "explanation", size, "explanation length must not exceed 200")
    if explanation.count("\n") > _MOST_LINE_FEEDS:
        raise bad_request("explanation must have at most 2 line feeds")
    said = {"explanation": explanation, "explanation_entities": entities} if explanation else {}
    return {"correct_option_ids": correct, **said}
