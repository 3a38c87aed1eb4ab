"""Facts about the parts of an index: kept while a compilation is unchanged, and in order."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Article, Compilation, Corpus, Kind, Match, PartialDate, Quote, Section
from bot.search import documents, frequent, pages, storage
from bot.search.index import Index, open_index
from bot.search.periods import cover, inside, outside, periods_of, spans_of
from bot.search.query import parse
from bot.search.text import fold
from tests.search.conftest import TODAY, holders, ids

pytestmark = pytest.mark.long

WORDS = [
    *("人工智能", "未来产业", "新质生产力", "因地制宜", "先立后破", "制造业"),
    *("量子", "氢能", "发展", "创新", "的", "和"),
]


def compilation(name: str, passages: int, year: int = 2026) -> Compilation:
    """A booklet of quotations of words in random order; every tenth passage is a reading."""
    chance = random.Random(name)

    def text() -> str:
        return "".join(chance.choice(WORDS) for _ in range(12))

    quotes = tuple(
        Quote(f"q-{name}-{at}", name, date(2020, 1, 1) + timedelta(days=at), "考察", text())
        for at in range(passages - passages // 10)
    )
    sections = tuple(
        Section(f"a-{name}.{at}", "导读", 1, text(), "") for at in range(passages // 10)
    )
    article = Article(f"a-{name}", name, "文章", "某人", "", "某刊", PartialDate(2025), sections)
    return Compilation(name, name, "某部", PartialDate(year, 4), "主题", (), quotes, (article,))


def segments(directory: Path) -> dict[str, int]:
    """The largest file of every segment of the only or newest index, and its inode."""
    newest = max(directory.glob("index-*"), key=lambda path: path.stat().st_mtime_ns)
    return {path.name: path.stat().st_ino for path in newest.glob("*.idx")}


def test_only_the_compilation_that_changed_is_indexed_again(tmp_path: Path) -> None:
    kept, changing = compilation("kept", 40), compilation("changing", 40)
    open_index(Corpus((kept, changing), fingerprint="before"), tmp_path)
    before = segments(tmp_path)
    changed = replace(
        changing,
        quotes=(*changing.quotes, replace(changing.quotes[0], id="q-new", text="太空采矿")),
    )
    index = open_index(Corpus((kept, changed), fingerprint="after"), tmp_path)
    after = segments(tmp_path)
    shared = set(before.items()) & set(after.items())
    # Quotations and readings of the one, and the untouched readings of the other.
    assert len(before) == len(after) == 4
    assert len(shared) == 3
    assert ids(index.find(parse("太空采矿", TODAY), today=TODAY).hits) == ["q-new"]


def test_an_updated_index_answers_as_one_built_at_once(tmp_path: Path) -> None:
    first, second, third = (compilation(name, 60) for name in ("one", "two", "three"))
    open_index(Corpus((first, third), fingerprint="before"), tmp_path / "updated")
    whole = Corpus((first, second, third), fingerprint="after")
    updated = open_index(whole, tmp_path / "updated")
    at_once = open_index(whole, tmp_path / "new")
    for word in (*WORDS, "人工智能 量子", "2020年2月 发展"):
        query = parse(word, TODAY)
        mine = updated.find(query, today=TODAY, limit=None)
        theirs = at_once.find(query, today=TODAY, limit=None)
        assert [(hit.passage.id, hit.score) for hit in mine.hits] == [
            (hit.passage.id, hit.score) for hit in theirs.hits
        ]


def test_an_older_index_can_be_removed_once_its_parts_serve_a_newer(tmp_path: Path) -> None:
    kept, other = compilation("kept", 20), compilation("other", 20)
    corpus = Corpus((kept, other), fingerprint="after")
    open_index(Corpus((kept,), fingerprint="before"), tmp_path)
    (older,) = tmp_path.glob("index-*")
    open_index(corpus, tmp_path)
    for path in older.iterdir():
        path.unlink()
    index = open_index(corpus, tmp_path)
    assert index.find(parse("发展", TODAY), today=TODAY, limit=None).total == len(
        holders(corpus, "发展")
    )


def test_a_damaged_part_is_not_taken_over(tmp_path: Path) -> None:
    kept, other = compilation("kept", 20), compilation("other", 20)
    open_index(Corpus((kept,), fingerprint="before"), tmp_path)
    (older,) = tmp_path.glob("index-*")
    largest = max(older.glob("*.idx"), key=lambda path: path.stat().st_size)
    # Put in its place: what is mapped into memory must not be cut short under its reader.
    damaged = older / "damaged"
    damaged.write_bytes(bytes(largest.stat().st_size))
    damaged.replace(largest)
    corpus = Corpus((kept, other), fingerprint="damaged")
    index = open_index(corpus, tmp_path)
    found = index.find(parse("发展", TODAY), today=TODAY, limit=None)
    assert {hit.passage.id for hit in found.hits} == holders(corpus, "发展")


def test_equal_hits_show_quotations_of_every_compilation_before_readings(tmp_path: Path) -> None:
    same = [
        replace(
            compilation(name, 10),
            quotes=(Quote(f"q-{name}", name, date(2024, 1, 1), "考察", "量子氢能"),),
            articles=(),
        )
        for name in ("one", "two")
    ]
    index = open_index(Corpus(tuple(same), fingerprint="same"), tmp_path)
    assert ids(index.find(parse("量子", TODAY), today=TODAY).hits) == ["q-one", "q-two"]


# ------------------------------------------------------------------- frequent, and large


@pytest.fixture(scope="module")
def many() -> Corpus:
    """Enough passages that common texts are frequent."""
    booklets = tuple(compilation(f"booklet-{year}", 800, year) for year in range(2021, 2026))
    return Corpus(booklets, fingerprint="many")


@pytest.fixture(scope="module")
def many_index(many: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return open_index(many, tmp_path_factory.mktemp("many"))


@pytest.fixture(scope="module")
def large_index(many: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The same, with a front, as if it were large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "FRONT_PASSAGES", 1600)
        patch.setattr(documents, "_PART_PASSAGES", 300)
        return open_index(many, tmp_path_factory.mktemp("large"))


@pytest.fixture(scope="module")
def pairs(
    many: Corpus,
    many_index: Index,
    large_index: Index,
    tmp_path_factory: pytest.TempPathFactory,
) -> list[tuple[Index, Index]]:
    """With a front and without: of quotations and readings, and of quotations alone."""
    booklets = tuple(replace(one, articles=()) for one in many.compilations)
    quotes = Corpus(booklets, fingerprint="quotes")
    other = open_index(quotes, tmp_path_factory.mktemp("quotes"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "FRONT_PASSAGES", 1600)
        large = open_index(quotes, tmp_path_factory.mktemp("large-quotes"))
    return [(large_index, many_index), (large, other)]


def test_common_texts_are_frequent_and_begin_with_frequent_ones(many: Corpus) -> None:
    sampled = [fold(passage.text) for passage in many]
    found = frequent.frequent_texts(sampled, len(sampled))
    assert "人工智能" in found
    assert "太空采矿" not in found
    assert all(text[:-1] in found for text in found if len(text) > frequent.SHORTEST)


def test_nothing_is_frequent_in_a_small_corpus(shipped: Corpus, tmp_path: Path) -> None:
    open_index(shipped, tmp_path)
    (home,) = tmp_path.glob("index-*")
    assert json.loads((home / "manifest.json").read_text("utf-8"))["frequent"] == []


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_piece_finds_exactly_its_passages_frequent_or_not_with_a_front_or_without(
    many: Corpus, many_index: Index, large_index: Index, data: st.DataObject
) -> None:
    passage = data.draw(st.sampled_from(list(many)))
    start = data.draw(st.integers(0, len(passage.text) - 1))
    cut = passage.text[start : start + data.draw(st.integers(1, 12))]
    for index in (many_index, large_index):
        found = index.find(parse(f"“{cut}”", TODAY), today=TODAY, limit=None)
        exact = {hit.passage.id for hit in found.hits if hit.match is Match.EXACT}
        assert exact == holders(many, cut)
        assert found.total == len(found.hits)


@pytest.mark.parametrize("only", [None, Kind.QUOTE, Kind.READING])
def test_turning_pages_of_a_large_index_shows_every_hit_once(
    many: Corpus, large_index: Index, only: Kind | None
) -> None:
    query = parse("发展 创新", TODAY)
    seen: list[str] = []
    while True:
        page = large_index.find(query, today=TODAY, limit=250, offset=len(seen), only=only)
        seen += ids(page.hits)
        if not page.hits:
            break
        assert page.total >= len(seen)
    whole = large_index.find(query, today=TODAY, limit=None, only=only)
    assert sorted(seen) == sorted(ids(whole.hits))
    assert len(seen) == whole.total


def test_a_total_that_is_not_counted_to_the_end_says_so(many: Corpus, large_index: Index) -> None:
    page = large_index.find(parse("的", TODAY), today=TODAY)
    assert page.total_is_least
    assert pages.ENOUGH <= page.total <= len(holders(many, "的"))
    assert sum(page.totals.values()) == page.total


def test_a_total_that_is_counted_to_the_end_is_exact(many: Corpus, many_index: Index) -> None:
    page = many_index.find(parse("的", TODAY), today=TODAY)
    assert not page.total_is_least
    assert page.total == len(holders(many, "的"))


def test_very_many_hits_of_a_large_index_come_from_its_newest_parts_first(
    large_index: Index,
) -> None:
    hits = large_index.find(parse("的", TODAY), today=TODAY, limit=50).hits
    assert {hit.passage.id.split("-")[2] for hit in hits if hit.kind is Kind.QUOTE} <= {
        "2024",
        "2025",
    }


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_range_of_days_reads_in_a_large_index_as_in_any_other(
    pairs: Sequence[tuple[Index, Index]], data: st.DataObject
) -> None:
    indexes = data.draw(st.sampled_from(pairs))
    days = st.dates(date(2019, 12, 1), date(2022, 2, 1))
    start, end = sorted((data.draw(days), data.draw(days)))
    query = parse(f"{start:%Y年%m月%d日}到{end:%Y年%m月%d日}", TODAY)
    only, offset = data.draw(st.sampled_from([None, *Kind])), data.draw(st.integers(0, 200))
    large, other = (index.find(query, today=TODAY, offset=offset, only=only) for index in indexes)
    # Of one day any order will do.
    large_days, other_days = (
        [(hit.kind, getattr(hit.passage, "said_on", None)) for hit in found.hits]
        for found in (large, other)
    )
    assert large_days == other_days
    assert (large.total, large.totals) == (other.total, other.totals)


# ------------------------------------------------------------------------------- periods

DAYS = st.dates(date(2018, 1, 1), date(2025, 12, 31))


@st.composite
def spans(draw: st.DrawFn) -> tuple[date, date]:
    """A day, a month, a year, or from any day to any other."""
    day = draw(DAYS)
    if draw(st.booleans()):
        return day, max(day, draw(DAYS))
    partial = PartialDate(day.year, *(day.month, day.day)[: draw(st.integers(0, 2))])
    return partial.first_on, partial.last_on


@settings(max_examples=300, deadline=None)
@given(DAYS, DAYS, st.lists(spans(), min_size=1, max_size=8))
def test_of_the_marks_of_a_range_each_passage_in_it_has_one_and_no_other_any(
    one: date, other: date, passages: list[tuple[date, date]]
) -> None:
    start, end = sorted((one, other))
    known = spans_of(passages)
    for first_on, last_on in passages:
        marks = set(periods_of(first_on, last_on))
        is_in = start <= first_on and last_on <= end
        assert len(marks & set(inside(start, end, known))) == (1 if is_in else 0)
        assert len(marks & set(outside(start, end, known))) == (0 if is_in else 1)


def test_a_range_is_covered_by_few_marks() -> None:
    assert list(cover(date(2020, 11, 30), date(2023, 2, 1))) == [
        "2020-11-30",
        "2020-12",
        "2021",
        "2022",
        "2023-01",
        "2023-02-01",
    ]
    assert list(cover(date(2019, 10, 1), date(2024, 5, 31))) == [
        "2019q4",
        "2020+4",
        "2024q1",
        "2024-04",
        "2024-05",
    ]


def test_the_last_day_there_is_can_be_covered() -> None:
    assert list(cover(date(9999, 12, 31), date.max)) == ["9999-12-31"]
