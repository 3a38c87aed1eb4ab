"""Facts about synonyms: the file, and that they are tried only for what stands nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.app.library import open_library
from bot.config import Settings
from bot.errors import ConfigError
from bot.model import Corpus, Match
from bot.search.index import open_index
from bot.search.query import parse
from bot.search.synonyms import Synonyms, load_synonyms, read_synonyms
from bot.search.text import fold
from tests.search.conftest import SYNONYMS, TODAY, Ask, holders, ids


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("AI", "人工智能"),
        ("ai", "人工智能"),
        ("经开区", "经济技术开发区"),
        ("工信部", "工业和信息化部"),
        ("6G", "第六代移动通信"),
        ("APEC", "亚太经合组织"),
        ("BCI", "脑机接口"),
        ("大语言模型", "大模型"),
        ("可控核聚变", "核聚变"),
        ("国内生产总值", "GDP"),
        ("深圳特区", "深圳经济特区"),
        ("民营企业", "民企"),
        ("社科院", "中国社会科学院"),
        ("腦機介面", "脑机接口"),
    ],
)
def test_what_stands_nowhere_is_found_by_its_synonym_and_the_answer_says_so(
    shipped: Corpus, ask: Ask, typed: str, meant: str
) -> None:
    assert not holders(shipped, typed)
    found = ask(typed)
    assert found.corrected == meant
    assert {hit.match for hit in found.hits} == {Match.WORDS}
    assert set(ids(found.hits)) == holders(shipped, meant)


def test_a_word_that_stands_somewhere_is_not_widened(shipped: Corpus, ask: Ask) -> None:
    for typed in ("芯片", "5G", "国企", "企业家", "GDP", "创投"):
        if holders(shipped, typed):
            found = ask(typed)
            assert (found.corrected, set(ids(found.hits))) == (None, holders(shipped, typed))


def test_all_synonyms_that_stand_somewhere_are_searched(shipped: Corpus, ask: Ask) -> None:
    found = ask("半导体")
    assert found.corrected == "芯片、集成电路"
    assert set(ids(found.hits)) == holders(shipped, "芯片") | holders(shipped, "集成电路")


def test_a_synonym_inside_a_longer_term_is_put_in_its_place(shipped: Corpus, ask: Ask) -> None:
    found = ask("AI赋能新型工业化")
    assert found.corrected == "人工智能赋能新型工业化"
    assert set(ids(found.hits)) == holders(shipped, "人工智能赋能新型工业化")


def test_a_word_with_its_synonym_in_brackets_is_that_word_once(shipped: Corpus, ask: Ask) -> None:
    for typed in ("人工智能（AI）", "AI（人工智能）"):
        found = ask(typed)
        assert found.corrected == "人工智能"
        assert set(ids(found.hits)) == holders(shipped, "人工智能")


def test_every_term_may_have_a_synonym(shipped: Corpus, ask: Ask) -> None:
    found = ask("AI 6G")
    assert found.corrected == "人工智能 第六代移动通信"
    both = holders(shipped, "人工智能") & holders(shipped, "第六代移动通信")
    assert set(ids(found.hits)[: len(both)]) == both


def test_a_phrase_has_no_synonym(ask: Ask) -> None:
    assert ask("“AI”").total == 0


def test_an_everyday_word_is_found_as_it_is_written(shipped: Corpus, ask: Ask) -> None:
    assert set(ids(ask("大海").hits)) == holders(shipped, "海洋")


def test_letters_match_whole_words_only() -> None:
    synonyms = Synonyms({"ai": ("人工智能",)})
    assert synonyms.reworded("用ai的", lambda text: text != "ai") == "用人工智能的"
    assert synonyms.reworded("rain", lambda text: text != "ai") == "rain"


def test_an_index_without_synonyms_does_without(shipped: Corpus, tmp_path: Path) -> None:
    index = open_index(shipped, tmp_path)
    assert index.find(parse("6G", TODAY), today=TODAY).total == 0


# ------------------------------------------------------------------------- the file


def test_the_shipped_file_has_thirty_groups_or_more_that_stand_for_each_other() -> None:
    synonyms = load_synonyms(SYNONYMS)
    assert len(synonyms.others) >= 120
    assert "人工智能" in synonyms.of("ai")
    assert "AI" in synonyms.of("人工智能")
    assert synonyms.of("制造业") == ()


def test_the_shipped_file_lists_no_word_that_its_synonym_finds_anyway() -> None:
    """雄安 stands inside 雄安新区: typed, it needs no synonym."""
    groups = yaml.safe_load(SYNONYMS.read_text(encoding="utf-8"))["same"]
    for written, *others in groups:
        assert all(fold(other) not in fold(written) for other in others), written


def test_an_empty_file_has_no_synonyms() -> None:
    assert read_synonyms(None) == Synonyms()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("same: [[人工智能]]", "a group needs two words or more"),
        ("same: [[人工智能, AI], [AI, 智能]]", "AI stands twice"),
        ("same: {人工智能: AI}", "expected a list of groups"),
        ("same: [[人工智能, 5]]", "expected a list of words"),
        ("same: [[人工智能, '，']]", "expected a list of words"),
        ("everyday: [工厂]", "expected a mapping"),
        ("everyday: {工厂: 制造业}", "everyday: 工厂: expected a list of words"),
        ("similar: []", "expected the keys same and everyday"),
        ("[1]", "expected the keys"),
        ("a: [", "is not valid YAML"),
    ],
)
def test_a_file_that_is_not_as_described_is_refused_with_its_name(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_synonyms(file)
    assert str(file) in str(refused.value)
    assert said in str(refused.value)


def test_the_library_reads_the_file_of_the_settings_and_does_without_one(
    tmp_path: Path, shipped_corpus: Path
) -> None:
    settings = Settings().model_copy(
        update={"data_dir": tmp_path, "synonyms_file": tmp_path / "mine.yaml"}
    )
    query = parse("我们的词", TODAY)
    _, index = open_library(settings, [shipped_corpus])
    assert index.find(query, today=TODAY).total == 0
    (tmp_path / "mine.yaml").write_text("same: [[我们的词, 量子科技]]", encoding="utf-8")
    _, index = open_library(settings, [shipped_corpus])
    assert index.find(query, today=TODAY).corrected == "量子科技"
