"""People who vote in polls, and what the bot is told of it.

Here lives the human half of polls; what the bot may send is in polls.py.
"""

from __future__ import annotations

from copy import deepcopy

from bot.local.people import People
from bot.local.world import ChatLike, Json, LocalChat, LocalMessage, LocalUser


class Voters(People):
    """People who can also choose an option of a poll."""

    def vote(self, chat: ChatLike, message_id: int, option: int, user: LocalUser) -> None:
        """Choose an option, from 0. The bot is told who did, unless the poll is anonymous.

        Raises ValueError for what the person could not do: in a quiz, choose again.
        """
        with self.lock:
            where = self.chat(chat)
            message = where.messages[message_id]
            poll = _votable(where, message, option, user)
            if user.id in message.votes and not poll["allows_revoting"]:
                raise ValueError(f"{user.name} has voted; in a quiz nobody can vote twice")
            message.votes[user.id] = option
            chosen = list(message.votes.values())
            for number, one in enumerate(poll["options"]):
                one["voter_count"] = chosen.count(number)
            poll["total_voter_count"] = len(chosen)
            if message.sender != self.bot and message.sender_chat != where:
                return  # only of its own polls the bot is told
            self.updates.add("poll", deepcopy(poll))
            if not poll["is_anonymous"]:
                answer = {
                    "poll_id": poll["id"],
                    "user": user.json(),
                    "option_ids": [option],
                    "option_persistent_ids": [poll["options"][option]["persistent_id"]],
                }
                self.updates.add("poll_answer", answer)


def _votable(where: LocalChat, message: LocalMessage, option: int, user: LocalUser) -> Json:
    poll: Json | None = message.extra.get("poll")
    if poll is None or message.is_deleted or not 0 <= option < len(poll["options"]):
        raise ValueError(f"message {message.id} has no option {option} to choose")
    if poll["is_closed"] or not where.member(user).status.is_in:
        raise ValueError(f"{user.name} cannot vote there")
    return poll
