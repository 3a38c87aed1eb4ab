"""`make check` audits the dependencies only after seeing that the audit can fail."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests import audit
from tests.conftest import ROOT

# In place of pip-audit, which is not installed beside what it looks at: the same questions.
ASKS = """
import json, sys, urllib.request
url, pins = sys.argv[sys.argv.index("--osv-url") + 1], sys.argv[sys.argv.index("-r") + 1]
name, version = open(pins).read().strip().split("==")
asked = {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
found = json.load(urllib.request.urlopen(url, json.dumps(asked).encode())).get("vulns", [])
print(*(each["id"] for each in found))
sys.exit(bool(found))
"""


def command(folder: Path, program: str) -> list[str]:
    (folder / "program.py").write_text(program, encoding="utf-8")
    return [sys.executable, str(folder / "program.py"), "--strict"]


def test_an_audit_that_asks_what_is_known_is_trusted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    audit.main(command(tmp_path, ASKS))
    assert "the audit fails" in capsys.readouterr().out


def test_an_audit_that_passes_everything_is_not(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="passes what is known to be vulnerable"):
        audit.main(command(tmp_path, ""))


def test_an_audit_that_fails_everything_is_not(tmp_path: Path) -> None:
    program = f"print({audit._KNOWN['id']!r}); raise SystemExit(1)"
    with pytest.raises(SystemExit, match="fails what is not known to be vulnerable"):
        audit.main(command(tmp_path, program))


def test_the_audit_is_proven_before_it_is_made_and_with_the_same_options() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    proof, made = "-m tests.audit $(AUDIT)\n", "\t$(AUDIT) -r constraints.txt\n"
    assert proof in makefile
    assert makefile.index(proof) < makefile.index(made)
