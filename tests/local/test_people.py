"""What people do, and what the bot hears of it."""

from __future__ import annotations

import pytest
from telegram import Update

from bot.local.world import ANONYMOUS, LocalUser
from tests.bot_api_spec import BotApiSpec
from tests.local.conftest import Town


def test_an_update_is_shaped_as_the_real_one(town: Town) -> None:
    chat = town.telegram.private(town.ming)
    town.telegram.say(chat, town.ming, "/start 你好")
    (update,) = town.updates()
    person = {
        "id": town.ming.id,
        "first_name": "李明",
        "username": "liming",
    }
    assert update["message"] == {
        "message_id": 1,
        "date": int(town.clock().timestamp()),
        "chat": {**person, "type": "private"},
        "from": {**person, "is_bot": False, "language_code": "zh-hans"},
        "text": "/start 你好",
        "entities": [{"offset": 0, "length": 6, "type": "bot_command"}],
    }


@pytest.mark.parametrize(
    ("text", "is_heard"),
    [
        ("新质生产力", False),
        ("/search 新质生产力", True),
        ("/search@studybot_local_bot 新质生产力", True),
        ("/search@another_bot 新质生产力", False),
        ("@studybot_local_bot 新质生产力", True),
        ("@StudyBot_Local_Bot 新质生产力", True),
        ("@liming 新质生产力", False),
    ],
)
def test_privacy_mode_lets_through_what_calls_the_bot(
    town: Town, text: str, is_heard: bool
) -> None:
    town.telegram.say(town.group(), town.ming, text)
    assert bool(town.updates()) is is_heard


async def test_a_reply_to_the_bot_is_heard(town: Town) -> None:
    chat = town.group()
    sent = await town.ok("sendMessage", chat_id=chat.id, text="好")
    town.telegram.say(chat, town.ming, "谢谢", reply_to=sent["message_id"])
    (update,) = town.updates()
    assert update["message"]["reply_to_message"]["from"]["id"] == town.telegram.bot.id


def test_an_administrator_bot_hears_everything(town: Town) -> None:
    chat = town.group()
    town.telegram.promote(chat, town.telegram.bot, by=town.fang)
    town.updates()
    town.telegram.say(chat, town.ming, "新质生产力")
    assert len(town.updates()) == 1


def test_a_bot_without_privacy_mode_hears_everything(town: Town) -> None:
    town.telegram.has_privacy_mode = False
    town.telegram.say(town.group(), town.ming, "新质生产力")
    assert len(town.updates()) == 1


def test_a_kicked_bot_hears_nothing(town: Town) -> None:
    chat = town.group()
    town.telegram.kick_bot(chat, town.fang)
    (update,) = town.updates()
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    town.telegram.say(chat, town.ming, "/start")
    assert town.updates() == []


def test_adding_the_bot_tells_its_new_status_and_who_came(town: Town) -> None:
    chat = town.telegram.supergroup("学习小组", town.fang)
    town.telegram.add_bot(chat, town.fang)
    status, service = town.updates()
    assert status["my_chat_member"]["old_chat_member"]["status"] == "left"
    assert status["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert service["message"]["new_chat_members"][0]["id"] == town.telegram.bot.id


def test_blocking_and_unblocking_are_heard(town: Town) -> None:
    town.started()
    town.telegram.block(town.ming)
    town.telegram.unblock(town.ming)
    changes = [update["my_chat_member"] for update in town.updates()]
    assert [one["new_chat_member"]["status"] for one in changes] == ["kicked", "member"]
    assert [one["old_chat_member"]["status"] for one in changes] == ["member", "kicked"]


def test_an_anonymous_administrator_is_the_group_itself(town: Town) -> None:
    chat = town.group()
    town.telegram.promote(chat, town.fang, is_anonymous=True, custom_title="组长")
    town.telegram.say(chat, town.fang, "/settings")
    (update,) = town.updates()
    message = update["message"]
    assert message["from"] == {
        "id": 1087968824,
        "is_bot": True,
        "first_name": "Group",
        "username": "GroupAnonymousBot",
    }
    assert message["sender_chat"] == message["chat"]
    assert message["author_signature"] == "组长"


def test_an_administrator_may_speak_anonymously_once(town: Town) -> None:
    chat = town.group()
    said = town.telegram.say(chat, town.fang, "/settings", as_anonymous_admin=True)
    assert (said.sender, said.sender_chat) == (ANONYMOUS, chat)


def test_a_member_cannot_speak_anonymously(town: Town) -> None:
    with pytest.raises(ValueError, match="is no administrator"):
        town.telegram.say(town.group(), town.ming, "/settings", as_anonymous_admin=True)


def test_an_anonymous_administrator_presses_as_a_person(town: Town) -> None:
    chat = town.group()
    town.telegram.promote(chat, town.fang, is_anonymous=True)
    message = town.telegram.new_message(
        chat,
        sender=town.telegram.bot,
        text="x",
        reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]},
    )
    town.telegram.press(chat, message.id, 0, town.fang)
    (update,) = town.updates()
    assert update["callback_query"]["from"]["id"] == town.fang.id
    assert update["callback_query"]["data"] == "y"


def test_a_button_that_is_not_there_cannot_be_pressed(town: Town) -> None:
    chat = town.started()
    with pytest.raises(ValueError, match="no callback button"):
        town.telegram.press(chat, 1, 0, town.ming)


def test_migration_tells_both_ids(town: Town) -> None:
    old = town.basic_group()
    new = town.telegram.migrate(old, town.fang)
    first, second = (update["message"] for update in town.updates())
    assert (first["chat"]["id"], first["migrate_to_chat_id"]) == (old.id, new.id)
    assert (second["chat"]["id"], second["migrate_from_chat_id"]) == (new.id, old.id)
    assert second["chat"]["type"] == "supergroup"
    with pytest.raises(ValueError, match="became the supergroup"):
        town.telegram.say(old, town.ming, "/start")


def test_what_is_said_in_a_topic_replies_to_its_first_message(town: Town) -> None:
    chat = town.group(is_forum=True)
    topic = town.telegram.topic(chat, "每日一语", town.fang)
    town.updates()
    town.telegram.say(chat, town.ming, "/quote", thread_id=topic)
    (update,) = town.updates()
    assert update["message"]["message_thread_id"] == topic
    assert update["message"]["reply_to_message"]["forum_topic_created"]["name"] == "每日一语"


def test_replying_to_a_topic_is_not_replying_to_the_bot(town: Town) -> None:
    chat = town.group(is_forum=True)
    topic = town.telegram.topic(chat, "每日一语", town.telegram.bot)
    town.updates()
    town.telegram.say(chat, town.ming, "随便说", thread_id=topic)
    assert town.updates() == []


def test_message_ids_are_a_supergroups_own(town: Town) -> None:
    chat = town.started()
    group = town.telegram.supergroup("学习小组", town.fang)
    assert town.telegram.say(group, town.fang, "x").id == 1
    assert town.telegram.say(chat, town.ming, "x").id == 2


def test_an_edited_message_is_heard_again(town: Town) -> None:
    chat = town.telegram.private(town.ming)
    said = town.telegram.say(chat, town.ming, "旧")
    town.telegram.edit(said, "新")
    assert [list(update)[1] for update in town.updates()] == ["message", "edited_message"]


def test_a_channel_post_is_no_message(town: Town) -> None:
    channel = town.telegram.channel("频道", town.fang)
    town.telegram.add_bot(channel, town.fang)
    town.telegram.say(channel, town.fang, "x")
    assert town.updates()[-1]["channel_post"]["sender_chat"]["id"] == channel.id


def test_strangers_cannot_speak(town: Town) -> None:
    with pytest.raises(ValueError, match="is not in"):
        town.telegram.say(town.group(), town.telegram.user("路人"), "/start")


# ---------------------------------------------------------------- every update is well formed


def busy_day(town: Town) -> list[dict[str, object]]:
    """One of every update this Telegram makes."""
    here = town.telegram
    here.updates.allow(
        [
            "message",
            "edited_message",
            "channel_post",
            "my_chat_member",
            "chat_member",
            "callback_query",
            "inline_query",
            "edited_channel_post",
        ]
    )
    chat = here.private(town.ming)
    here.edit(here.say(chat, town.ming, "/start"), "你好")
    forum = here.supergroup("话题群", town.fang, [town.ming], is_forum=True)
    here.add_bot(forum, town.fang)
    here.promote(forum, here.bot, by=town.fang)
    topic = here.topic(forum, "每日一语", town.fang)
    here.say(forum, town.ming, "@studybot_local_bot 你好", thread_id=topic)
    here.say(forum, town.fang, "/settings", as_anonymous_admin=True)
    here.close_topic(forum, topic, town.fang)
    here.reopen_topic(forum, topic, town.fang)
    here.rename(forum, "新名", town.fang)
    newcomer: LocalUser = here.user("赵")
    here.join(forum, newcomer)
    here.promote(forum, newcomer, by=town.fang)
    here.leave(forum, newcomer)
    message = here.new_message(
        forum,
        sender=here.bot,
        text="x",
        reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]},
    )
    here.press(forum, message.id, 0, town.ming)
    here.inline(town.ming, "未来")
    basic = here.group("小组", town.fang)
    here.add_bot(basic, town.fang)
    here.migrate(basic, town.fang)
    channel = here.channel("频道", town.fang)
    here.add_bot(channel, town.fang)
    here.edit(here.say(channel, town.fang, "旧"), "新")
    here.block(town.ming)
    here.kick_bot(forum, town.fang)
    return town.updates()


def test_every_update_is_read_by_the_library(town: Town) -> None:
    for update in busy_day(town):
        read = Update.de_json(update, None)
        assert read.to_dict().keys() == update.keys()


def test_every_update_keeps_to_the_specification(town: Town, spec: BotApiSpec) -> None:
    for update in busy_day(town):
        assert spec.object_mistakes("Update", update) == []


def test_a_reply_may_choose_a_part_of_what_it_replies_to(town: Town) -> None:
    chat = town.started()
    said = town.telegram.say(chat, town.ming, "😀前面的话，后面的话")
    town.telegram.say(chat, town.ming, "/check", reply_to=said, quote="后面的话")
    (_, update) = town.updates()
    assert update["message"]["quote"] == {"text": "后面的话", "position": 7, "is_manual": True}


def test_a_part_that_does_not_stand_there_cannot_be_chosen(town: Town) -> None:
    chat = town.started()
    said = town.telegram.say(chat, town.ming, "一句话")
    with pytest.raises(ValueError, match="does not stand"):
        town.telegram.say(chat, town.ming, "/check", reply_to=said, quote="另一句")


async def test_a_chosen_result_is_sent_by_the_person_via_the_bot(town: Town) -> None:
    chat = town.started()
    question = town.telegram.inline(town.ming, "甲")
    result = {
        "type": "article",
        "id": "1",
        "title": "甲",
        "input_message_content": {"message_text": "<b>甲</b>", "parse_mode": "HTML"},
    }
    await town.ok("answerInlineQuery", inline_query_id=question.id, results=[result])
    town.updates()
    town.telegram.choose(question, 0, chat)
    (update,) = town.updates()
    message = update["message"]
    assert (message["text"], message["from"]["id"]) == ("甲", town.ming.id)
    assert message["via_bot"]["id"] == town.telegram.bot.id
    assert message["entities"][0]["type"] == "bold"


def test_a_result_that_is_not_there_cannot_be_chosen(town: Town) -> None:
    question = town.telegram.inline(town.ming, "甲")
    with pytest.raises(ValueError, match="no result 0"):
        town.telegram.choose(question, 0, town.started())
