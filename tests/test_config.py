"""Settings: where each value comes from, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from bot.config import Settings, read_settings, show_settings
from bot.errors import ConfigError
from tests.conftest import ROOT

TOKEN = "123456789:" + "AbCdEfGhIj" * 3 + "KlMn_"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, and an environment that names nothing else of ours."""
    for name in list(os.environ):
        if name.startswith(("STUDYBOT_", "TELEGRAM_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("STUDYBOT_HOME", str(tmp_path))
    (tmp_path / "config").mkdir()
    return tmp_path


def write(home: Path, text: str) -> None:
    (home / "config" / "studybot.yaml").write_text(text, encoding="utf-8")


def test_without_a_file_the_defaults_are_in_force(home: Path) -> None:
    settings = read_settings()
    assert settings.zone == "Asia/Shanghai"
    assert settings.data_dir == home / "data"


def test_the_commented_file_of_the_repository_states_the_defaults(home: Path) -> None:
    write(home, (ROOT / "config" / "studybot.yaml").read_text(encoding="utf-8"))
    assert read_settings() == read_settings(ROOT / "config" / "studybot.yaml")
    assert show_settings(read_settings()) == show_settings(
        Settings().model_copy(
            update={
                "data_dir": home / "data",
                "corpus_dirs": (home / "corpus",),
                "synonyms_file": home / "config" / "synonyms.yaml",
            }
        )
    )


def test_the_commented_file_names_every_setting_but_the_token() -> None:
    named = yaml.safe_load((ROOT / "config" / "studybot.yaml").read_text(encoding="utf-8"))
    assert set(named) == set(Settings.model_fields)
    for name in ("telegram", "webhook", "listen", "push", "pacing", "limits", "backup", "logging"):
        group = type(getattr(Settings(), name))
        assert set(named[name]) == set(group.model_fields) - {"token"}


def test_the_environment_outranks_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home, "zone: Europe/Berlin\ntelegram: {poll_seconds: 7}\n")
    monkeypatch.setenv("STUDYBOT_ZONE", "Asia/Tokyo")
    monkeypatch.setenv("STUDYBOT_TELEGRAM__BASE_URL", "http://127.0.0.1:8081/bot")
    settings = read_settings()
    assert settings.zone == "Asia/Tokyo"
    assert settings.telegram.base_url == "http://127.0.0.1:8081/bot"
    assert settings.telegram.poll_seconds == 7


def test_the_token_comes_from_its_usual_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    assert read_settings().telegram.token.get_secret_value() == TOKEN


def test_the_token_may_come_from_a_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(home / "token"))
    assert read_settings().telegram.token.get_secret_value() == TOKEN


def test_the_database_address_may_come_from_a_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "url").write_text("postgresql://study:geheim@127.0.0.1/study", encoding="utf-8")
    monkeypatch.setenv("STUDYBOT_DATABASE_URL_FILE", str(home / "url"))
    assert read_settings().store_url == "postgresql://study:geheim@127.0.0.1/study"


def test_the_secret_of_the_webhook_may_come_from_a_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "secret").write_text("correct-horse_9\n", encoding="utf-8")
    monkeypatch.setenv("STUDYBOT_WEBHOOK__SECRET_TOKEN_FILE", str(home / "secret"))
    settings = read_settings()
    assert settings.webhook.secret_token.get_secret_value() == "correct-horse_9"
    assert "correct-horse_9" not in show_settings(settings) + repr(settings)


def test_a_distributed_engine_is_refused_without_postgresql(home: Path) -> None:
    write(home, "engine: distributed")
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert "engine: distributed needs a PostgreSQL database" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_webhook_is_refused_without_an_address_and_a_port(home: Path) -> None:
    write(home, "updates: webhook")
    with pytest.raises(ConfigError, match=r"webhook\.url.*listen\.port"):
        read_settings()


def test_a_secret_file_that_is_not_there_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", "/nowhere/token")
    with pytest.raises(ConfigError, match="TELEGRAM_BOT_TOKEN_FILE"):
        read_settings()


def test_what_is_shown_never_holds_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("STUDYBOT_DATABASE_URL", "postgresql://study:geheim@127.0.0.1/study")
    settings = read_settings()
    shown = show_settings(settings) + repr(settings) + str(settings)
    assert TOKEN not in shown
    assert "geheim" not in shown


def test_what_is_shown_can_be_used_as_the_file_again(home: Path) -> None:
    shown = show_settings(read_settings())
    write(home, shown)
    assert show_settings(read_settings()) == shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zone: Mars/Olympus", "zone: expected an IANA time zone such as Asia/Shanghai"),
        ("zonne: Asia/Tokyo", "zonne: is not a setting"),
        ("push: {at: 18:00}", 'push.at: expected a time in quotation marks, such as "08:00"'),
        ("push: {grace_hours: -1}", "push.grace_hours"),
        ("backup: {at: 3:30}", 'backup.at: expected a time in quotation marks, such as "08:00"'),
        ("limits: {chat_per_minute: -1}", "limits.chat_per_minute"),
        ("telegram: {base_url: ftp://x}", "telegram.base_url"),
        ("webhook: {url: https://bot.example.org/}", "webhook.url"),
        ("webhook: {secret_token: 密}", "webhook.secret_token: expected up to 256 letters"),
        ("engine: celery", "engine: "),
        ("[1, 2]", "expected a mapping"),
        ("a: [", "is not valid YAML"),
        ("owner_id: me\nzone: no", "zone: "),
    ],
)
def test_a_wrong_value_is_refused_with_its_name(home: Path, text: str, said: str) -> None:
    write(home, text)
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert said in str(refused.value)


def test_a_refusal_does_not_repeat_the_value(home: Path) -> None:
    write(home, "owner_id: geheim\n")
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert "geheim" not in str(refused.value)


def test_a_misspelt_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDYBOT_DATABSE_URL", "sqlite:///x")
    with pytest.raises(ConfigError, match="STUDYBOT_DATABSE_URL"):
        read_settings()


def test_corpus_directories_in_the_environment_are_separated_as_in_path(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDYBOT_CORPUS_DIRS", f"one{os.pathsep}/two")
    assert read_settings().corpus_dirs == (home / "one", Path("/two"))


def test_the_file_of_synonyms_is_looked_for_in_the_home(home: Path) -> None:
    write(home, "synonyms_file: words/mine.yaml\n")
    assert read_settings().synonyms_file == home / "words" / "mine.yaml"


def test_a_settings_file_that_is_named_must_be_there() -> None:
    with pytest.raises(ConfigError, match="there is no such settings file"):
        read_settings(Path("/nowhere/studybot.yaml"))
