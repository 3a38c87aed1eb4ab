"""The container files: linted, and true to the settings that they set.

No container engine is needed: what would run is read, and `test_replicas` runs the same
topology as processes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from bot.config import Settings, read_settings
from tests.conftest import ROOT

DOCKERFILE = ROOT / "Dockerfile"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


def read_compose(text: str) -> PyCompose:
    """The file by the rules of the Compose specification; raises ValueError."""
    read = PyCompose.from_yaml(text)
    read.validate()
    return read


@pytest.fixture
def settings(compose: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What a replica reads, with secrets of the test's own where compose mounts them."""
    secrets = {
        "/run/secrets/bot_token": "123456789:" + "x" * 35,
        "/run/secrets/database_url": "postgresql://studybot:geheim@postgres/studybot",
    }
    environment = image_environment() | compose["services"]["studybot"]["environment"]
    for name, value in environment.items():
        text = re.sub(r"\$\{STUDYBOT_HOST[^}]*\}", "bot.example.org", str(value))
        if text in secrets:
            file = tmp_path / Path(text).name
            file.write_text(secrets[text], encoding="utf-8")
            text = str(file)
        if not name.startswith(("PATH", "PYTHON")):
            monkeypatch.setenv(name, text)
    monkeypatch.setenv("STUDYBOT_HOME", str(ROOT))
    return read_settings()


def image_environment() -> dict[str, str]:
    """What the Dockerfile's ENV sets."""
    text = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", " ")
    (line,) = re.findall(r"^ENV (.*)$", text, re.MULTILINE)
    return dict(one.split("=", 1) for one in line.split())


def test_the_dockerfile_has_nothing_to_be_said_against() -> None:
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    assert linter, "the extra `test` installs hadolint"
    done = subprocess.run([linter, DOCKERFILE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_runs_as_nobody_in_particular() -> None:
    users = re.findall(r"^USER (.*)$", DOCKERFILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert users == ["10001"]


def test_what_the_dockerfile_copies_is_let_through_to_it() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE.read_text("utf-8"), re.MULTILINE)
    wanted = {name for line in copied for name in line.split()}
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    assert {line[1:] for line in ignored if line.startswith("!")} == wanted
    assert all((ROOT / name).exists() for name in wanted)


def test_replicas_are_set_up_to_share_one_postgresql_behind_a_webhook(settings: Settings) -> None:
    assert (settings.engine, settings.updates) == ("distributed", "webhook")
    assert settings.store_url.startswith("postgresql://")
    assert settings.webhook.url == "https://bot.example.org/telegram"
    assert settings.telegram.token.get_secret_value()


def test_the_compose_file_is_as_the_specification_wants_it() -> None:
    read = read_compose((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert sorted(read.service_names()) == ["postgres", "proxy", "studybot"]


@pytest.mark.parametrize(
    ("right", "wrong", "found"),
    [
        ("read_only: true", "readonly: true", "`readonly`"),
        ("interval: 5s", "interval: 5 parsecs", "parsecs"),
        ("condition: service_healthy", "condition: healthy", "`healthy`"),
        ("secrets: [database_url, bot_token]", "secrets: [database_url, token]", "`token`"),
        ("replicas: 2", "replicas: two", '"two"'),
    ],
)
def test_a_slip_in_the_compose_file_would_be_found(right: str, wrong: str, found: str) -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert right in text
    with pytest.raises(ValueError, match=found):
        read_compose(text.replace(right, wrong, 1))


def test_the_proxy_leads_to_where_the_replicas_listen(
    compose: dict[str, Any], settings: Settings
) -> None:
    assert settings.listen.host == "0.0.0.0"
    assert f"EXPOSE {settings.listen.port}\n" in DOCKERFILE.read_text(encoding="utf-8")
    caddyfile = (ROOT / "config" / "Caddyfile").read_text(encoding="utf-8")
    assert f"dynamic a studybot {settings.listen.port} " in caddyfile
    assert "./config/Caddyfile:/etc/caddy/Caddyfile:ro" in compose["services"]["proxy"]["volumes"]


def test_there_are_two_replicas_and_only_the_proxy_can_be_reached(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["studybot"]["deploy"]["replicas"] == 2
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]


def test_every_service_is_watched_and_started_in_order(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert "HEALTHCHECK" in DOCKERFILE.read_text(encoding="utf-8")
    assert {name for name, one in services.items() if "healthcheck" in one} == {"postgres", "proxy"}
    for name, needed in (("studybot", "postgres"), ("proxy", "studybot")):
        assert services[name]["depends_on"] == {needed: {"condition": "service_healthy"}}


def test_a_replica_has_more_time_to_end_than_it_takes(compose: dict[str, Any]) -> None:
    assert compose["services"]["studybot"]["stop_grace_period"] == "15s"


def test_secrets_are_files_that_are_declared_and_never_committed(compose: dict[str, Any]) -> None:
    used = {name for one in compose["services"].values() for name in one.get("secrets", ())}
    assert used == set(compose["secrets"])
    assert all(one["file"].startswith("./secrets/") for one in compose["secrets"].values())
    assert "/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_secrets_made_as_it_says_are_read_in_the_container_and_by_nobody_else_here(
    tmp_path: Path,
) -> None:
    """Compose mounts a file of secrets as it is, and the image's user owns none of yours."""
    said = (ROOT / "compose.yaml").read_text(encoding="utf-8").partition("\nname:")[0]
    make, chmod = re.findall(r"^#   ((?:mkdir|chmod) .*?)(?:\s{2,}|$)", said, re.MULTILINE)
    files = re.findall(r"^#   (secrets/\w+) ", said, re.MULTILINE)
    assert len(files) == 3
    write = "\n".join(f"echo geheim > {one}" for one in files)
    script = f"umask 077\n{make}\n{write}\n{chmod}\n"
    subprocess.run(["/bin/sh", "-ec", script], cwd=tmp_path, check=True, timeout=10)
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert {(tmp_path / one).stat().st_mode & 0o777 for one in files} == {0o644}


def test_what_has_to_be_kept_is_in_named_volumes(compose: dict[str, Any]) -> None:
    mounted = {
        volume.partition(":")[0]
        for one in compose["services"].values()
        for volume in one.get("volumes", ())
        if not volume.startswith(".")
    }
    assert mounted == set(compose["volumes"]) == {"database", "certificates"}
