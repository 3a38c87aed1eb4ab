"""`studybot run` as it really runs: a process of its own, HTTP, polling, a restart."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.local.telegram import LocalTelegram
from bot.local.world import LocalChat
from tests.bot_api_server import serving
from tests.bot_api_spec import BotApiSpec
from tests.conftest import NewDataDir
from tests.processes import START_SECONDS, ZONE, Circle, Process, next_minute, studybot

pytestmark = pytest.mark.long


class Scene(Circle):
    """A Telegram, the bot's processes, and what a test says and sees."""

    def __init__(self, telegram: LocalTelegram, url: str, home: Path) -> None:
        super().__init__(telegram)
        self.url = url
        self.home = home
        self.processes: list[Process] = []

    def start(self, home: Path | None = None, token: str | None = None) -> Process:
        where = home or self.home
        process = Process(
            where / "log.txt",
            {
                "TELEGRAM_BOT_TOKEN": token or self.telegram.token,
                "STUDYBOT_TELEGRAM__BASE_URL": self.url,
                "STUDYBOT_DATA_DIR": str(where / "data"),
            },
        )
        self.processes.append(process)
        return process

    def start_ready(self) -> Process:
        """Start the bot and wait until it polls."""
        before = len(self.telegram.calls_of("getUpdates"))
        process = self.start()
        self.wait(lambda: len(self.telegram.calls_of("setMyCommands")) >= 4)
        self.wait(lambda: len(self.telegram.calls_of("getUpdates")) > before)
        return process


@contextlib.contextmanager
def judged(home: Path, shared: Path) -> Iterator[Scene]:
    """A scene whose every call is judged by the Bot API specification at the end."""
    telegram = LocalTelegram(is_local_server=True)
    with serving(telegram) as url:
        scene = Scene(telegram, url, home)
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


@pytest.fixture
def scene(tmp_path: Path, shared: Path, new_data_dir: NewDataDir) -> Iterator[Scene]:
    """A scene in which nothing runs yet."""
    new_data_dir(tmp_path / "data")
    with judged(tmp_path, shared) as made:
        yield made


@dataclass(frozen=True)
class Morning:
    """A bot that runs, and in its `group` a push that comes at the time `at`, one that is near."""

    scene: Scene
    process: Process
    group: LocalChat
    at: str
    confirmed: str


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Morning]:
    """Begun by the first test and looked at by the last: what is between passes the time.

    This bot starts with nothing: no database, no index.
    """
    with judged(tmp_path_factory.mktemp("morning"), shared) as scene:
        process = scene.start_ready()
        group = scene.group()
        at = next_minute(spare_seconds=10)
        confirmed = scene.ask(group, f"/subscribe {at}", by_organiser=True)
        yield Morning(scene, process, group, at, confirmed.text)


@pytest.fixture
def running(morning: Morning) -> Scene:
    """The scene of a bot that runs."""
    return morning.scene


def test_a_subscription_is_confirmed_with_its_time(morning: Morning) -> None:
    assert morning.at in morning.confirmed


def test_a_question_is_answered_and_its_buttons_open_passages(running: Scene) -> None:
    chat = running.telegram.private(running.member)
    answer = running.ask(chat, "2024年3月5日 因地制宜")
    assert "q-2024-03-05" in answer.text
    running.telegram.press(chat, answer.id, 0, running.member)
    running.wait(lambda: len(running.telegram.sent(chat)) == 2)
    assert "面对新一轮科技革命和产业变革，我们必须抢抓机遇" in running.telegram.sent(chat)[1].text


def test_a_member_may_not_subscribe_the_group_and_is_told_so(running: Scene) -> None:
    refused = running.ask(running.group(), "/subscribe 09:00")
    assert "管理员" in refused.text


def test_the_menus_are_set_for_private_chats_and_groups_in_chinese(running: Scene) -> None:
    scopes = [call.params.get("scope", "") for call in running.telegram.calls_of("setMyCommands")]
    assert any("all_private_chats" in str(scope) for scope in scopes)
    assert any("all_group_chats" in str(scope) for scope in scopes)


def test_pictures_and_inline_answers_go_over_the_wire(running: Scene) -> None:
    chat = running.telegram.private(running.member)
    drawn = running.ask(chat, "/trend 新质生产力")
    again = running.ask(chat, "/trend 新质生产力")
    assert drawn.extra["photo"] == again.extra["photo"]
    question = running.telegram.inline(running.member, "因地制宜")
    running.wait(lambda: question.answer is not None)
    assert question.answer is not None
    assert question.answer["results"][0]["id"] == "q-2024-03-05"


def test_sigterm_ends_it_at_once_and_well(scene: Scene) -> None:
    assert scene.start_ready().stop() < 10


def test_a_wrong_token_is_said_in_one_sentence(scene: Scene) -> None:
    process = scene.start(token="123456789:" + "wrong" * 7)
    assert process.popen.wait(START_SECONDS) == 1
    assert "Telegram refuses the bot token" in process.output()
    assert "Traceback" not in process.output()


def test_of_two_pollers_of_one_token_the_second_says_so_and_ends(
    scene: Scene, tmp_path: Path
) -> None:
    first = scene.start_ready()
    other_home = tmp_path / "other"
    other_home.mkdir()
    second = scene.start(home=other_home)
    with contextlib.suppress(subprocess.TimeoutExpired):
        second.popen.wait(START_SECONDS)
    assert second.popen.returncode == 1
    assert "another program is polling with the same token" in second.output()
    assert first.is_running


def test_without_a_token_it_says_where_to_get_one(tmp_path: Path) -> None:
    done = studybot("run", STUDYBOT_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "@BotFather" in done.stderr
    assert "TELEGRAM_BOT_TOKEN_FILE" in done.stderr


def test_a_subscribed_group_gets_its_push_at_the_minute_once_whatever_is_restarted(
    morning: Morning,
) -> None:
    scene, group = morning.scene, morning.group
    scene.wait(lambda: scene.pushes(group), 80)
    (push,) = scene.pushes(group)
    assert f"{push.sent_at.astimezone(ZONE):%H:%M}" == morning.at
    assert "延伸阅读" in push.text

    morning.process.stop()
    scene.start_ready()
    why = scene.ask(group, "/why", by_organiser=True)
    assert f"预定 {morning.at}" in why.text
    assert len(scene.pushes(group)) == 1
    scene.telegram.press(group, push.id, 0, scene.member)
    scene.wait(lambda: scene.telegram.sent(group)[-1].id > why.id)
