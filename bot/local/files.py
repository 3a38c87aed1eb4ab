"""Files that bots download: getFile, and what stands behind the path it names.

Here live the paths and the limit. How files come in is in people.py and sending.py.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from bot.local.people import People
from bot.local.refusal import bad_request
from bot.local.rules import Fields, Upload
from bot.local.world import Json

_MOST_DOWNLOADED_BYTES = 20 * 1024**2


def get_file(people: People, fields: Fields) -> Json:
    """Where a file can be downloaded; a File. At most 20 MB, unless the server is one's own."""
    file_id = fields["file_id"]
    kind = next((kind for kind, known_id in people.files if known_id == file_id), None)
    if kind is None:
        raise bad_request("invalid file_id")
    upload = people.files[kind, file_id]
    assert isinstance(upload, Upload)
    if len(upload.content) > _MOST_DOWNLOADED_BYTES and not people.is_local_server:
        raise bad_request("file is too big")
    suffix = PurePosixPath(upload.name).suffix
    return {**people.file_json(upload.content), "file_path": f"{kind}s/{file_id}{suffix}"}


def content_at(people: People, path: str) -> bytes | None:
    """The bytes behind a `file_path` of getFile; None where there is no such file."""
    folder, _, name = path.partition("/")
    with people.lock:
        upload = people.files.get((folder.removesuffix("s"), PurePosixPath(name).stem))
    return upload.content if isinstance(upload, Upload) else None
