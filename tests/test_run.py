"""`studybot run` as it really runs: a process of its own, HTTP, polling, a restart."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.local.telegram import LocalTelegram
from bot.local.world import LocalChat, LocalMessage
from tests.bot_api_server import serving
from tests.bot_api_spec import BotApiSpec
from tests.conftest import ROOT

START_SECONDS = 20.0
ZONE = ZoneInfo("Asia/Shanghai")


class Process:
    """`studybot run` against a Bot API server on loopback; its output is kept."""

    def __init__(self, url: str, token: str, home: Path) -> None:
        self.log = home / "log.txt"
        self._file = self.log.open("ab")
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            stdout=self._file,
            stderr=subprocess.STDOUT,
            env={
                "PATH": os.environ["PATH"],
                "TELEGRAM_BOT_TOKEN": token,
                "STUDYBOT_TELEGRAM__BASE_URL": url,
                "STUDYBOT_TELEGRAM__POLL_SECONDS": "2",
                "STUDYBOT_DATA_DIR": str(home / "data"),
            },
        )

    def stop(self) -> int:
        """Ask it to end, as systemd does; its exit status."""
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(10)

    def close(self) -> None:
        if self.popen.poll() is None:
            self.popen.kill()
            self.popen.wait(10)
        self._file.close()

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8")


class Scene:
    """A Telegram, the bot's process, and what a test says and sees."""

    def __init__(self, telegram: LocalTelegram, url: str, home: Path) -> None:
        self.telegram = telegram
        self.url = url
        self.home = home
        self.processes: list[Process] = []
        self.organiser = telegram.user("王芳")
        self.member = telegram.user("李明")

    def start(self, home: Path | None = None, token: str | None = None) -> Process:
        process = Process(self.url, token or self.telegram.token, home or self.home)
        self.processes.append(process)
        return process

    def start_ready(self) -> Process:
        """Start the bot and wait until it polls."""
        before = len(self.telegram.calls_of("getUpdates"))
        process = self.start()
        self.telegram.wait_for(
            lambda: len(self.telegram.calls_of("setMyCommands")) >= 4, START_SECONDS
        )
        self.wait(lambda: len(self.telegram.calls_of("getUpdates")) > before)
        return process

    def wait(self, condition: Callable[[], bool], seconds: float = START_SECONDS) -> None:
        self.telegram.wait_for(condition, seconds)

    def ask(self, chat: LocalChat, text: str, *, by_organiser: bool = False) -> LocalMessage:
        """Say something and wait for what the bot says next."""
        said = len(self.telegram.sent(chat))
        self.telegram.say(chat, self.organiser if by_organiser else self.member, text)
        self.wait(lambda: len(self.telegram.sent(chat)) > said)
        return self.telegram.sent(chat)[said]

    def group(self) -> LocalChat:
        """A group of the organiser and the member, with the bot in it, greeted."""
        group = self.telegram.supergroup("读书会", self.organiser, [self.member])
        self.telegram.add_bot(group, self.organiser)
        self.wait(lambda: len(self.telegram.sent(group)) == 1)
        return group


@pytest.fixture
def scene(tmp_path: Path, shared: Path) -> Iterator[Scene]:
    """A scene whose every call is judged by the Bot API specification at the end."""
    telegram = LocalTelegram(is_local_server=True)
    with serving(telegram) as url:
        scene = Scene(telegram, url, tmp_path)
        try:
            yield scene
        finally:
            for process in scene.processes:
                process.close()
    spec = BotApiSpec(shared / "data" / "bot-api-spec.json")
    mistakes = [
        f"{call.method}: {mistake}"
        for call in telegram.calls
        for mistake in spec.mistakes(call.method, call.params)
    ]
    assert mistakes == []
    for process in scene.processes:
        assert telegram.token not in process.output()


def next_minute() -> str:
    """The next full minute in the chat's zone that is not too near to be caught."""
    now = datetime.now(ZONE)
    return f"{now + timedelta(minutes=2 if now.second >= 50 else 1):%H:%M}"


def test_a_question_is_answered_and_its_buttons_open_passages(scene: Scene) -> None:
    scene.start_ready()
    chat = scene.telegram.private(scene.member)
    answer = scene.ask(chat, "2024年3月5日 因地制宜")
    assert "q-2024-03-05" in answer.text
    scene.telegram.press(chat, answer.id, 0, scene.member)
    scene.wait(lambda: len(scene.telegram.sent(chat)) == 2)
    assert "面对新一轮科技革命和产业变革，我们必须抢抓机遇" in scene.telegram.sent(chat)[1].text


def test_a_subscribed_group_gets_its_push_at_the_minute_once_whatever_is_restarted(
    scene: Scene,
) -> None:
    process = scene.start_ready()
    group = scene.group()
    at = next_minute()
    confirmed = scene.ask(group, f"/subscribe {at}", by_organiser=True)
    assert at in confirmed.text
    scene.wait(lambda: "每日一语" in scene.telegram.sent(group)[-1].text, 130)
    push = scene.telegram.sent(group)[-1]
    assert f"{push.sent_at.astimezone(ZONE):%H:%M}" == at
    assert "延伸阅读" in push.text

    assert process.stop() == 0
    scene.start_ready()
    why = scene.ask(group, "/why", by_organiser=True)
    assert f"预定 {at}" in why.text
    pushes = [one for one in scene.telegram.sent(group) if "每日一语 ·" in one.text]
    assert len(pushes) == 1
    scene.telegram.press(group, push.id, 0, scene.member)
    scene.wait(lambda: scene.telegram.sent(group)[-1].id > why.id)


def test_a_member_may_not_subscribe_the_group_and_is_told_so(scene: Scene) -> None:
    scene.start_ready()
    refused = scene.ask(scene.group(), "/subscribe 09:00")
    assert "管理员" in refused.text


def test_the_menus_are_set_for_private_chats_and_groups_in_chinese(scene: Scene) -> None:
    scene.start_ready()
    scopes = [call.params.get("scope", "") for call in scene.telegram.calls_of("setMyCommands")]
    assert any("all_private_chats" in str(scope) for scope in scopes)
    assert any("all_group_chats" in str(scope) for scope in scopes)


def test_sigterm_ends_it_at_once_and_well(scene: Scene) -> None:
    process = scene.start_ready()
    assert process.stop() == 0


def test_a_wrong_token_is_said_in_one_sentence(scene: Scene) -> None:
    process = scene.start(token="123456789:" + "wrong" * 7)
    assert process.popen.wait(START_SECONDS) == 1
    assert "Telegram refuses the bot token" in process.output()
    assert "Traceback" not in process.output()


def test_of_two_pollers_of_one_token_one_says_so_and_ends(scene: Scene, tmp_path: Path) -> None:
    first = scene.start_ready()
    other_home = tmp_path / "other"
    other_home.mkdir()
    second = scene.start(home=other_home)
    done = None
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = second.popen.wait(START_SECONDS)
    ended = [one for one in (first, second) if one.popen.poll() is not None]
    assert ended, f"both went on: {done}"
    assert all(one.popen.returncode == 1 for one in ended)
    assert "another program is polling with the same token" in ended[0].output()


def test_without_a_token_it_says_where_to_get_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "STUDYBOT_DATA_DIR": str(tmp_path)},
    )
    assert done.returncode == 1
    assert "@BotFather" in done.stderr
    assert "TELEGRAM_BOT_TOKEN_FILE" in done.stderr


def test_pictures_and_inline_answers_go_over_the_wire(scene: Scene) -> None:
    scene.start_ready()
    chat = scene.telegram.private(scene.member)
    drawn = scene.ask(chat, "/trend 新质生产力")
    again = scene.ask(chat, "/trend 新质生产力")
    assert drawn.extra["photo"] == again.extra["photo"]
    question = scene.telegram.inline(scene.member, "因地制宜")
    scene.wait(lambda: question.answer is not None)
    assert question.answer is not None
    assert question.answer["results"][0]["id"] == "q-2024-03-05"
