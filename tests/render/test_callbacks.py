"""The data of buttons: small, exact both ways, and safe against anything else."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Corpus, DayRule, Days, Kind, Order
from bot.render import callbacks, settings

_ids = st.from_regex(r"\A[aq]-20[0-9]{2}-[01][0-9]-[0-3][0-9](\.[0-9]{1,2}){0,2}\Z")
_numbers = st.integers(0, 2**63 - 1)
_pages = st.integers(0, 10**6)

actions = st.one_of(
    st.builds(
        callbacks.SearchPage,
        _numbers,
        _pages,
        st.sampled_from([None, *Kind]),
        st.sampled_from(Order),
    ),
    st.builds(callbacks.Ask, _numbers),
    st.builds(callbacks.OpenPassage, _ids),
    st.builds(callbacks.TurnToPassage, _ids),
    st.builds(callbacks.ShowRelated, _ids),
    st.builds(callbacks.Read, _ids),
    st.builds(callbacks.TurnToSection, _ids),
    st.builds(callbacks.ReadAfter, _ids),
    st.builds(callbacks.TurnToPiece, _ids, _pages),
    st.builds(callbacks.ReadPiece, _ids, _pages),
    st.builds(callbacks.OpenPiece, _ids, _pages),
    st.builds(callbacks.ListArticles, _pages),
    st.builds(callbacks.OpenArticle, _ids, _pages),
    st.builds(callbacks.AnotherQuote, _ids),
    st.just(callbacks.Continue()),
    st.builds(callbacks.EnableUpload, st.from_regex(r"\A[0-9a-f]{12}\Z")),
    st.builds(callbacks.DiscardUpload, st.from_regex(r"\A[0-9a-f]{12}\Z")),
    st.builds(callbacks.RollBack, st.from_regex(r"\A20[0-9]{2}-[a-z-]{1,40}\Z"), _pages),
    st.builds(callbacks.Setting, st.sampled_from(["time", "theme", "panel"]), st.none()),
    st.builds(callbacks.Remind, st.sampled_from(callbacks.Verb), _numbers),
    st.builds(callbacks.Remind, st.sampled_from(callbacks.Verb), _numbers, st.dates()),
    st.builds(
        callbacks.Remind, st.just(callbacks.Verb.MOVE), _numbers, st.dates(), st.just("2026-12-05")
    ),
    st.builds(callbacks.CheckIn, st.dates()),
    st.builds(callbacks.ShowMonth, st.dates().map(lambda on: on.replace(day=1))),
    st.builds(callbacks.TakePart, _numbers, st.dates(), st.sampled_from(callbacks.Tap)),
    st.builds(callbacks.Records, st.dates().map(lambda on: on.replace(day=1)), st.booleans()),
    st.builds(callbacks.ReadTogether, st.sampled_from(callbacks.PlanVerb), _numbers, _pages),
    st.builds(callbacks.Forget, _numbers),
    st.builds(callbacks.AskQuiz, st.text("新质生产力AI:", max_size=20)),
    st.builds(callbacks.Setting, st.just("theme"), st.text("人工智能AI:", min_size=0, max_size=15)),
)


@given(actions)
def test_what_is_composed_is_read_back_and_fits(action: callbacks.Action) -> None:
    data = callbacks.compose(action)
    assert callbacks.parse(data) == action
    assert 1 <= len(data.encode()) <= 64


@given(st.text(max_size=64))
def test_any_other_data_is_outdated_or_composes_to_itself(data: str) -> None:
    action = callbacks.parse(data)
    assert isinstance(action, callbacks.Outdated) or callbacks.compose(action) == data


@pytest.mark.parametrize(
    "data",
    [
        "",
        "z:1",
        "s:1",
        "s:1:0:a",
        "s:-1:0:a:r",
        "s:1:-1:a:r",
        "s:1:0:z:r",
        "s:01:0:a:r",
        "p:",
        "u:1:x",
        "g:2026-05",
        "d:a-2026-04-02.1",
        "q:!",
        "l:x",
        "a:only",
        "R:d:1:0",
        "R:d:1:2:3",
        "R:z:1",
        "v1:search:2",
        "S:1:0:a:r",
        "s: 1:0:a:r",
    ],
)
def test_data_of_another_version_is_outdated(data: str) -> None:
    assert isinstance(callbacks.parse(data), callbacks.Outdated)


def test_data_over_sixty_four_bytes_is_refused() -> None:
    long = callbacks.Setting("theme", "人" * 30)
    assert not callbacks.fits(long)
    with pytest.raises(ValueError, match="bytes"):
        callbacks.compose(long)


def test_every_passage_of_the_shipped_corpus_fits_into_a_button(corpus: Corpus) -> None:
    for passage in corpus:
        assert callbacks.fits(callbacks.TurnToPassage(passage.id))


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_a_time_in_a_button_is_read_back(at: time) -> None:
    assert settings.read_time_value(settings.time_value(at)) == at


@given(
    st.one_of(
        st.just(Days()),
        st.just(Days(DayRule.WORKDAYS)),
        st.frozensets(st.integers(1, 7), min_size=1).map(lambda on: Days(DayRule.WEEKDAYS, on)),
    )
)
def test_days_in_a_button_are_read_back(rule: Days) -> None:
    assert settings.read_days_value(settings.days_value(rule)) == rule


@pytest.mark.parametrize("value", ["", "8", "0x", "135x", "089", "９９"])
def test_days_that_are_none_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        settings.read_days_value(value)


@pytest.mark.parametrize("value", ["", "730", "2560", "2460", "ab12", "00000"])
def test_a_time_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        settings.read_time_value(value)
