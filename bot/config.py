"""The settings: YAML, then the environment, then secrets from files; read once.

Here lives everything an operator can set, with its default and its check. This is
the only place that reads the environment. Nobody else opens the YAML file, and
nothing here opens the database, the corpus or the network.

Where a value comes from, the later winning:

1. the defaults below;
2. `config/studybot.yaml` (or the file named by `--config` or `STUDYBOT_CONFIG`);
3. `STUDYBOT_<NAME>`, nested names joined by two underscores
   (`STUDYBOT_TELEGRAM__BASE_URL`), and `TELEGRAM_BOT_TOKEN` for the token;
4. for a secret, `<the same name>_FILE`: a file that holds the value and nothing else.

Relative paths are relative to the home: `STUDYBOT_HOME`, else the checkout that holds
this package, else the current directory.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from bot.errors import ConfigError

PREFIX = "STUDYBOT_"
TOKEN_NAME = "TELEGRAM_BOT_TOKEN"  # noqa: S105 - the name of a variable, not a token
_STRICT = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _refuse_numbers(at: object) -> object:
    """YAML reads an unquoted 18:00 as the number 1080: ask for the quotation marks."""
    if isinstance(at, (str, time)):
        return at
    raise ValueError('expected a time in quotation marks, such as "08:00"')


def _show_minutes(at: time) -> str:
    return at.strftime("%H:%M")


# A local wall time, written and shown as "08:00".
ClockTime = Annotated[time, BeforeValidator(_refuse_numbers), PlainSerializer(_show_minutes)]


class Telegram(BaseModel):
    """How Telegram is reached. `base_url` ends in `/bot`; a local Bot API server goes here."""

    model_config = _STRICT

    token: SecretStr = SecretStr("")
    base_url: str = Field(default="https://api.telegram.org/bot", pattern=r"^https?://\S+$")
    poll_seconds: int = Field(default=30, ge=0, le=50)


class Webhook(BaseModel):
    """Where Telegram delivers updates, with `updates: webhook`.

    `url` is the public address; behind it a reverse proxy leads to the listener of this
    process. Without a `secret_token` one is derived from the bot token, so that all replicas
    agree on it. `max_connections` is how many updates Telegram may deliver at once.
    """

    model_config = _STRICT

    url: str = Field(default="", pattern=r"^(https?://[^\s/]+(/\S*)?/telegram(/\S*)?)?$")
    secret_token: SecretStr = SecretStr("")
    max_connections: int = Field(default=40, ge=1, le=100)

    @field_validator("secret_token")
    @classmethod
    def _hold_to_the_alphabet(cls, secret: SecretStr) -> SecretStr:
        """What setWebhook allows (core.telegram.org/bots/api#setwebhook)."""
        if re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret.get_secret_value()):
            return secret
        raise ValueError("expected up to 256 letters, digits, _ and -")


class Listen(BaseModel):
    """Where this process listens for HTTP: the webhook, health, metrics. Port 0: nowhere."""

    model_config = _STRICT

    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535)


class Push(BaseModel):
    """What a new subscription starts from. `at` is local wall time."""

    model_config = _STRICT

    at: ClockTime = time(8, 0)
    grace_hours: float = Field(default=6, gt=0, le=24)


class Pacing(BaseModel):
    """How fast messages may go out, over all processes together.

    Telegram's limits: about 30 messages a second overall, 1 a second to a chat, 20 a
    minute to a group (core.telegram.org/bots/faq); paid broadcasts allow 1,000 a second.
    """

    model_config = _STRICT

    overall_per_second: float = Field(default=28, gt=0, le=1000)
    private_interval_seconds: float = Field(default=1, ge=0)
    group_interval_seconds: float = Field(default=3, ge=0)


class Limits(BaseModel):
    """How much one person and one chat may ask a minute, of each process; 0 is no limit.

    Telegram delivers 20 messages a minute to a group: with 18 there is room to say so.
    """

    model_config = _STRICT

    person_per_minute: int = Field(default=20, ge=0)
    chat_per_minute: int = Field(default=18, ge=0)


class Backup(BaseModel):
    """The nightly copy of a SQLite database: `at` in the settings' zone, and how many are kept.

    With `keep_daily` 0 none is made.
    """

    model_config = _STRICT

    at: ClockTime = time(3, 30)
    keep_daily: int = Field(default=7, ge=0, le=366)
    keep_weekly: int = Field(default=4, ge=0, le=520)


class Logging(BaseModel):
    """What is logged to standard error, and whether for people or for programs."""

    model_config = _STRICT

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    format: Literal["console", "json"] = "console"


class Settings(BaseSettings):
    """Everything that can be set. Frozen; made by `read_settings`, never directly."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        nested_model_default_partial_update=True,
    )

    data_dir: Path = Path("data")
    corpus_dirs: Annotated[tuple[Path, ...], NoDecode] = (Path("corpus"),)
    synonyms_file: Path = Path("config/synonyms.yaml")
    database_url: SecretStr = SecretStr("")
    zone: str = "Asia/Shanghai"
    owner_id: int = 0
    engine: Literal["embedded", "distributed"] = "embedded"
    updates: Literal["polling", "webhook"] = "polling"
    telegram: Telegram = Telegram()
    webhook: Webhook = Webhook()
    listen: Listen = Listen()
    push: Push = Push()
    pacing: Pacing = Pacing()
    limits: Limits = Limits()
    backup: Backup = Backup()
    logging: Logging = Logging()

    @field_validator("corpus_dirs", mode="before")
    @classmethod
    def _split_like_a_path(cls, dirs: object) -> object:
        """In the environment the directories are separated as in PATH."""
        return dirs.split(os.pathsep) if isinstance(dirs, str) else dirs

    @field_validator("zone")
    @classmethod
    def _know_the_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (OSError, ValueError, KeyError):
            raise ValueError("expected an IANA time zone such as Asia/Shanghai") from None
        return zone

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        url = self.database_url.get_secret_value()
        if self.engine == "distributed" and not url.startswith("postgres"):
            raise ValueError(
                "engine: distributed needs a PostgreSQL database; set database_url to "
                "postgresql://user@host/name, or choose engine: embedded"
            )
        if self.updates == "webhook" and not (self.webhook.url and self.listen.port):
            raise ValueError(
                "updates: webhook needs webhook.url, the public address that ends in /telegram, "
                "and listen.port, where the reverse proxy finds this process"
            )
        return self

    @property
    def store_url(self) -> str:
        """The database to open: the one that is set, else SQLite in the data directory."""
        url = self.database_url.get_secret_value()
        return url or f"sqlite:///{self.data_dir / 'studybot.sqlite3'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment outranks what is passed in, which is the YAML file.

        The name of a file that holds a nested secret is no setting: `_overlay_secrets` reads it.
        """
        assert isinstance(env_settings, EnvSettingsSource)
        env_settings.env_vars = {
            name: value
            for name, value in env_settings.env_vars.items()
            if "__" not in name or not name.endswith("_file")
        }
        return env_settings, init_settings


def read_settings(file: Path | None = None) -> Settings:
    """Read the settings in force. Paths in the result are absolute.

    Raises ConfigError with every mistake: a file that is not there or is not a mapping,
    an unknown name, a value of the wrong kind, a secret file that cannot be read. No
    value is repeated in it, since a value may be a secret in the wrong place.
    """
    home = _home()
    path = _settings_file(home, file)
    values = _read_yaml(path) if path else {}
    _refuse_unknown_variables()
    _overlay_secrets(values)
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise ConfigError(_explain(error, path)) from None
    except SettingsError as error:
        raise ConfigError(f"the environment: {error}") from None
    return settings.model_copy(
        update={
            "data_dir": home / settings.data_dir.expanduser(),
            "corpus_dirs": tuple(home / one.expanduser() for one in settings.corpus_dirs),
            "synonyms_file": home / settings.synonyms_file.expanduser(),
        }
    )


def show_settings(settings: Settings) -> str:
    """The settings in force as YAML that could be used again; secrets are masked."""
    return yaml.safe_dump(
        settings.model_dump(mode="json"), allow_unicode=True, sort_keys=False
    ).rstrip()


def choose_durations() -> None:
    """Have python-telegram-bot give durations as `timedelta`, as its next version will anyway.

    It asks the environment whenever somebody looks at one, and warns where this is not set.
    """
    os.environ.setdefault("PTB_TIMEDELTA", "true")


def _home() -> Path:
    named = os.environ.get(f"{PREFIX}HOME")
    if named:
        return Path(named).expanduser().absolute()
    checkout = Path(__file__).resolve().parent.parent
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def _settings_file(home: Path, file: Path | None) -> Path | None:
    named = file or os.environ.get(f"{PREFIX}CONFIG")
    if named:
        path = Path(named)
        if not path.is_file():
            raise ConfigError(f"{path}: there is no such settings file")
        return path
    usual = home / "config" / "studybot.yaml"
    return usual if usual.is_file() else None


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({type(error).__name__})") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ConfigError(f"{path}:{line}: is not valid YAML") from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ConfigError(f"{path}:1: expected a mapping of settings")
    return {str(name): value for name, value in values.items() if value is not None}


def _refuse_unknown_variables() -> None:
    """A misspelt variable must not be ignored in silence."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    known |= {f"{PREFIX}{name}" for name in ("HOME", "CONFIG", "DATABASE_URL_FILE")}
    unknown = [
        name
        for name in sorted(os.environ)
        if name.startswith(PREFIX) and name.split("__")[0] not in known
    ]
    if unknown:
        names = ", ".join(unknown)
        raise ConfigError(f"unknown in the environment: {names}; see config/studybot.yaml")


def _overlay_secrets(values: dict[str, Any]) -> None:
    """Put `TELEGRAM_BOT_TOKEN` and the `*_FILE` secrets over what the YAML file says."""
    for group, name, variables in (
        ("telegram", "token", (TOKEN_NAME, f"{PREFIX}TELEGRAM__TOKEN")),
        ("webhook", "secret_token", (f"{PREFIX}WEBHOOK__SECRET_TOKEN",)),
    ):
        if secret := _secret(*variables):
            given = values.get(group)
            values[group] = {**(given if isinstance(given, dict) else {}), name: secret}
    url = _secret(f"{PREFIX}DATABASE_URL")
    if url:
        values["database_url"] = url


def _secret(*names: str) -> str:
    for name in names:
        file = os.environ.get(f"{name}_FILE")
        if file:
            try:
                return Path(file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                raise ConfigError(f"{name}_FILE names a file that cannot be read") from None
        if os.environ.get(name):
            return os.environ[name].strip()
    return ""


def _explain(error: ValidationError, path: Path | None) -> str:
    where = f" (from {path} or the environment)" if path else " (from the environment)"
    lines = []
    for one in error.errors(include_input=False, include_url=False):
        name = ".".join(str(part) for part in one["loc"])
        # Settings that do not fit together are no single one's mistake, and name themselves.
        lines.append(f"{name}: {_reason(one)}{where}" if name else _reason(one))
    return "\n".join(lines)


def _reason(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "is not a setting; `studybot config` lists all of them"
    return str(error["msg"]).removeprefix("Value error, ")
