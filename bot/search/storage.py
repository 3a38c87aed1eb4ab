"""The index on disk: how a finished index is kept, and what of it serves the next one.

An index is a directory `index-<key>` that is never changed after it has its name: it is
built beside, under a name of its own, and renamed when complete. The key is made of the
corpus's fingerprint and of all else that decides what is written, so an old index is simply
not found. `manifest.json` lists every file with size and checksum; an index that does not
agree with its manifest is built again.

Parts (see documents) are written apart, as tantivy segments, and an index is put together of
them: `meta.json` lists segments in the order in which equal hits are shown. A part that an
older index has is linked from there, so a changed compilation alone is indexed again.

A large index has two more lists of the same segments, `front` (its newest parts) and `rest`:
what very many passages contain is answered from the front (see Storage).

What must not live here: what is written for a passage (documents), what a query means.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import tantivy

from bot.model import Corpus, Passage
from bot.search.documents import Part, body, environment, parts_of, schema, span
from bot.search.frequent import frequent_texts, is_too_small, sample
from bot.search.periods import Spans, spans_of
from bot.search.text import fold

FRONT_PASSAGES = 2**17

_META = "meta.json"
_MANIFEST = "manifest.json"
_KEPT_INDEXES = 3  # those of corpora used in turn from one data directory
_CHECKSUM_LIMIT = 32 * 2**20  # bytes: beyond, sizes alone are compared, or opening is slow
_ABANDONED_SECONDS = 3600
# Bytes for a writer: a part must fit, or it becomes several segments in any order.
_WRITER_MEMORY, _WRITER_MEMORY_A_PASSAGE = 32 * 2**20, 12 * 2**10


@dataclass(frozen=True, slots=True)
class Storage:
    """An open index. `directory` is None where nothing could be written: kept in memory.

    `front` and `rest` are None unless the index is larger than `FRONT_PASSAGES`; then they
    hold its newest parts and all others. `spans` are the days of its passages.
    """

    searcher: Any  # tantivy.Searcher
    schema: Any  # tantivy.Schema
    directory: Path | None
    frequent: frozenset[str]
    spans: Spans
    front: Any = None  # tantivy.Searcher
    rest: Any = None  # tantivy.Searcher

    def passage_id(self, address: Any, searcher: Any = None) -> str:
        """The id of the passage at an address of a search result, by default of `searcher`."""
        document = (searcher or self.searcher).doc(address)
        return str(document.get_first("id"))

    def passage(self, corpus: Corpus, passage_id: str) -> Passage:
        found = corpus.passage(passage_id)
        if found is None:
            raise LookupError(f"the index has {passage_id}, the corpus it was built from has not")
        return found


@dataclass(frozen=True, slots=True)
class _Manifest:
    """What an index on disk says of itself.

    `parts` maps a part's key to its segments (as tantivy describes them); `files` maps a
    file's name to its size and checksum.
    """

    environment: str
    passages: int
    spans: Sequence[Sequence[str]]
    frequent: tuple[str, ...]
    parts: Mapping[str, Sequence[Mapping[str, Any]]]
    files: Mapping[str, Sequence[int]]


def open_storage(corpus: Corpus, directory: Path) -> Storage:
    """The index of this corpus under `directory`, built first if it is not there or broken.

    Falls back to an index in memory when the directory cannot be written.
    """
    home = directory / f"index-{_key(corpus)}"
    manifest = _whole(home)
    if manifest is not None:
        with contextlib.suppress(ValueError, OSError):
            return _open(home, manifest)
    try:
        _build_beside(corpus, home)
        manifest = _whole(home)
        if manifest is None:
            raise OSError(f"the index in {home} was changed while it was written")
        return _open(home, manifest)
    except (OSError, ValueError):  # tantivy raises the latter for a full disk, among others
        return _build_in_memory(corpus)


def _key(corpus: Corpus) -> str:
    parts = f"{corpus.fingerprint}\n{environment()}"
    return hashlib.sha256(parts.encode()).hexdigest()[:24]


# ------------------------------------------------------------------------------ building


def _build_in_memory(corpus: Corpus) -> Storage:
    parts = parts_of(corpus)
    frequent = _frequent(parts)
    index = tantivy.Index(schema())
    writer = index.writer(_WRITER_MEMORY, 1)
    for part in parts:
        for document in part.documents(frequent):
            writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    return Storage(_searcher(index), index.schema, None, frequent, _spans(parts))


def _build_beside(corpus: Corpus, home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=home.parent))
    try:
        _build(parts_of(corpus), building, _older(home))
        if _whole(home) is None:  # broken, or not there: never what another has just finished
            shutil.rmtree(home, ignore_errors=True)
        with contextlib.suppress(OSError):  # another process was faster: its index is as good
            os.rename(building, home)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    with contextlib.suppress(OSError):  # tidying up together with another process
        _remove_old(home)


def _build(parts: Sequence[Part], building: Path, older: Sequence[tuple[Path, _Manifest]]) -> None:
    passages = sum(len(part.passages) for part in parts)
    frequent = _frequent(parts, [manifest for _, manifest in older])
    keyed = {part.key(frequent): part for part in parts}
    written = {
        key: _linked(key, building, older) or _write_part(part, frequent, building)
        for key, part in keyed.items()
    }
    _list_segments(building, [one for segments in written.values() for one in segments])
    if passages > FRONT_PASSAGES:
        front = _front(keyed)
        for name, is_front in (("front", True), ("rest", False)):
            segments = [
                one for key in written if (key in front) is is_front for one in written[key]
            ]
            view = building / name
            view.mkdir()
            for path in (one for segment in segments for one in _files_of(segment, building)):
                _link(path, view / path.name)
            _list_segments(view, segments)
    manifest = {
        "environment": environment(),
        "passages": passages,
        "spans": _written(_spans(parts)),
        "frequent": sorted(frequent),
        "parts": written,
        "files": {str(path.relative_to(building)): _seal(path) for path in _files(building)},
    }
    (building / _MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


def _frequent(parts: Sequence[Part], older: Iterable[_Manifest] = ()) -> frozenset[str]:
    """The frequent texts: those of an older index of a like size, or no part could be kept."""
    passages = [passage for part in parts for passage in part.passages]
    if is_too_small(len(passages)):
        return frozenset()
    for manifest in older:
        if manifest.passages <= 2 * len(passages) <= 4 * manifest.passages:
            return frozenset(manifest.frequent)
    # Of bodies: whole titles that come again and again would be more terms than characters.
    sampled = [fold(body(passage)) for passage in passages[sample(len(passages))]]
    return frequent_texts(sampled, len(passages))


def _front(parts: Mapping[str, Part]) -> set[str]:
    """The keys of the newest parts, of both kinds, that fit in the front."""
    chosen: set[str] = set()
    passages = 0
    for key in sorted(parts, key=lambda key: parts[key].compilation.issued, reverse=True):
        if passages + len(parts[key].passages) <= FRONT_PASSAGES:
            passages += len(parts[key].passages)
            chosen.add(key)
    return chosen


def _spans(parts: Sequence[Part]) -> Spans:
    return spans_of(span(part.compilation, passage) for part in parts for passage in part.passages)


def _written(spans: Spans) -> list[list[str]]:
    """Spans as a manifest has them: first and last day of all, then of each that is odd."""
    pairs = [(spans.first_on, spans.last_on), *spans.odd]
    return [[first_on.isoformat(), last_on.isoformat()] for first_on, last_on in pairs]


def _read(written: Sequence[Sequence[str]]) -> Spans:
    (first_on, last_on), *odd = (
        (date.fromisoformat(first), date.fromisoformat(last)) for first, last in written
    )
    return Spans(first_on, last_on, tuple(odd))


def _write_part(part: Part, frequent: frozenset[str], building: Path) -> list[dict[str, Any]]:
    """Write the documents of a part; the segments they became, as tantivy describes them."""
    own = building / "part"
    own.mkdir()
    index = tantivy.Index(schema(), str(own))
    # One thread writes one segment, in order: equal scores keep the order of the part.
    memory = max(_WRITER_MEMORY, _WRITER_MEMORY_A_PASSAGE * len(part.passages))
    writer = index.writer(memory, 1)
    for document in part.documents(frequent):
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    described: list[dict[str, Any]] = json.loads((own / _META).read_text("utf-8"))["segments"]
    for segment in described:
        for path in _files_of(segment, own):
            path.rename(building / path.name)
    shutil.rmtree(own)
    return described


def _linked(
    key: str, building: Path, older: Sequence[tuple[Path, _Manifest]]
) -> list[dict[str, Any]]:
    """The segments of a part that an older index has, now in this one too; else none."""
    for home, manifest in older:
        if key in manifest.parts:
            segments = [dict(segment) for segment in manifest.parts[key]]
            for path in (one for segment in segments for one in _files_of(segment, home)):
                _link(path, building / path.name)
            return segments
    return []


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:  # a file system without hard links
        shutil.copy2(path, target)


def _list_segments(directory: Path, segments: Sequence[Mapping[str, Any]]) -> None:
    """Make the files in a directory an index of these segments, in this order.

    tantivy gives no way to say so; an empty index of its own making has all but the list.
    """
    tantivy.Index(schema(), str(directory))
    path = directory / _META
    meta = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**meta, "segments": segments}), encoding="utf-8")


def _files_of(segment: Mapping[str, Any], directory: Path) -> list[Path]:
    """The files of a segment: named after its id, without the hyphens."""
    return sorted(directory.glob(f"{segment['segment_id'].replace('-', '')}.*"))


# ------------------------------------------------------------------- what is on the disk


def _older(home: Path) -> list[tuple[Path, _Manifest]]:
    """The other indexes in the same place that are written alike, newest first."""
    others = [path for path in home.parent.glob("index-*") if path != home]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    manifests = [(path, _whole(path)) for path in others]
    return [
        (path, manifest)
        for path, manifest in manifests
        if manifest is not None and manifest.environment == environment()
    ]


def _remove_old(home: Path) -> None:
    """Drop all but the newest indexes, and what builders that died left an hour before ours."""
    others = [path for path in home.parent.glob("index-*") if path != home]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    left_behind = [
        path
        for path in home.parent.glob(".building-*")
        if path.stat().st_mtime < home.stat().st_mtime - _ABANDONED_SECONDS
    ]
    for path in others[_KEPT_INDEXES - 1 :] + left_behind:
        shutil.rmtree(path, ignore_errors=True)


def _files(directory: Path) -> list[Path]:
    """The files tantivy needs; its locks and its own list of files are not part of the index."""
    every = (path for path in directory.rglob("*") if path.is_file())
    return sorted(path for path in every if not path.name.startswith("."))


def _seal(path: Path) -> list[int]:
    """Size in bytes and CRC-32 of a file; the checksum of a very large one is 0."""
    size = path.stat().st_size
    return [size, zlib.crc32(path.read_bytes()) if size <= _CHECKSUM_LIMIT else 0]


def _whole(home: Path) -> _Manifest | None:
    """What an index says of itself; None where it is not there, or not as it says."""
    try:
        manifest = _Manifest(**json.loads((home / _MANIFEST).read_text(encoding="utf-8")))
        if all(_seal(home / name) == seal for name, seal in manifest.files.items()):
            return manifest
    except (OSError, ValueError, AttributeError, TypeError):
        pass
    return None


def _open(home: Path, manifest: _Manifest) -> Storage:
    index = tantivy.Index.open(str(home))
    views = [
        _searcher(tantivy.Index.open(str(home / name))) if (home / name).is_dir() else None
        for name in ("front", "rest")
    ]
    frequent, spans = frozenset(manifest.frequent), _read(manifest.spans)
    return Storage(_searcher(index), index.schema, home, frequent, spans, *views)


def _searcher(index: Any) -> Any:
    # A finished index never changes: without this a thread would watch its directory.
    index.config_reader("manual", 0)
    return index.searcher()
