"""What the operator reads of a group whose message was given up, as Telegram shows it."""

from __future__ import annotations

from tests.serving.conftest import Serving

HOSTILE = "<b>读书会</b> & https://example.org/x"


async def test_a_message_given_up_is_told_with_the_title_of_its_group_as_it_is_written(
    serving: Serving,
) -> None:
    await serving.say("/start", serving.owner)
    group = serving.telegram.supergroup(HOSTILE, serving.owner)
    serving.telegram.add_bot(group, serving.owner)
    await serving.say("/subscribe 13:00", serving.owner, group)
    group.is_bot_muted = True
    serving.clock.advance(hours=1, minutes=1)
    await serving.studybot.catch_up()
    await serving.studybot.watch.owner.close()
    letter = serving.telegram.sent(serving.telegram.private(serving.owner))[-1]
    assert f"群聊“\u2068{HOSTILE}\u2069”（{group.id}）" in letter.text
    assert "请管理员在群的权限里允许它发消息" in letter.text
    assert not [one for one in letter.entities if one["type"] == "bold"]
    assert serving.telegram.calls_of("sendMessage")[-1].params["link_preview_options"]
