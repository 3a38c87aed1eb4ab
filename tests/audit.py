"""Proof, for `make check`, that the audit of dependencies fails when one is known to be vulnerable.

    python -m tests.audit .venv-audit/bin/pip-audit --strict ...

Here lives a list of known vulnerabilities on 127.0.0.1 which knows a single one, in the form of
OSV (https://google.github.io/osv.dev/post-v1-query/); the audit is asked about that pin, and about
the version that mends it. It is run with the options of the real one, but for where it asks.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

PACKAGE, VULNERABLE, MENDED = "studybot-dependency", "1.0", "1.1"
_KNOWN = {
    "id": "PYSEC-0000-1",
    "modified": "2026-01-01T00:00:00Z",
    "details": "Known for this proof alone.",
    "affected": [
        {
            "package": {"name": PACKAGE, "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": MENDED}]}],
        }
    ],
}


class _Known(BaseHTTPRequestHandler):
    """Answers which vulnerabilities of a version are known."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        is_known = (asked["package"]["name"], asked["version"]) == (PACKAGE, VULNERABLE)
        answer = json.dumps({"vulns": [_KNOWN]} if is_known else {}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as its parent has it
        """Nothing: the audit says what matters."""


def audit(command: Sequence[str], url: str, version: str) -> subprocess.CompletedProcess[str]:
    """The audit of one pin, by the list at this address."""
    with TemporaryDirectory() as folder:
        pins = Path(folder) / "constraints.txt"
        pins.write_text(f"{PACKAGE}=={version}\n", encoding="utf-8")
        words = [*command, "--vulnerability-service", "osv", "--osv-url", url, "-r", str(pins)]
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)


def main(command: Sequence[str]) -> None:
    """Exit with a sentence when the audit does not do what it is there for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Known)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/v1/query"
    vulnerable, mended = (audit(command, url, version) for version in (VULNERABLE, MENDED))
    server.shutdown()
    if vulnerable.returncode != 1 or str(_KNOWN["id"]) not in vulnerable.stdout:
        raise SystemExit(f"the audit passes what is known to be vulnerable:\n{vulnerable}")
    if mended.returncode != 0:
        raise SystemExit(f"the audit fails what is not known to be vulnerable:\n{mended}")
    print(f"the audit fails {PACKAGE} {VULNERABLE}, which is vulnerable, and passes {MENDED}")


if __name__ == "__main__":
    main(sys.argv[1:])
