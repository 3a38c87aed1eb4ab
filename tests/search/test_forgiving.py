"""Facts about mistakes: put right only when nothing is found, and said so."""

from __future__ import annotations

import pytest

from bot.model import Corpus, Match
from bot.search.index import Index
from bot.search.query import parse
from tests.search.conftest import TODAY, Ask, holders, ids


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("naojijiekou", "脑机接口"),
        ("nao ji jie kou", "脑机接口"),
        ("NaoJiJieKou", "脑机接口"),
        ("xinzhishengchanli", "新质生产力"),
        ("weilaichanye", "未来产业"),
        ("xzscl", "新质生产力"),
        ("rengong智能", "人工智能"),
        ("xin质生产力", "新质生产力"),
        ("rgzn", "人工智能"),
        ("zlxxxcy", "战略性新兴产业"),
        ("rengzn", "人工智能"),
        ("xz生产力", "新质生产力"),
        ("rengongzineng", "人工智能"),
        ("renggongzhineng", "人工智能"),
        ("xinzisengcanli", "新质生产力"),
        ("niangzikeji", "量子科技"),
        ("naojijiekuo", "脑机接口"),
        ("脑鸡借口", "脑机接口"),
        ("人工只能", "人工智能"),
        ("现立后破", "先立后破"),
        ("兴质生产力", "新质生产力"),
        ("身物制造", "生物制造"),
        ("脑肌接口", "脑机接口"),
        ("新制生产力", "新质生产力"),
        ("因地治宜", "因地制宜"),
        ("量子可技", "量子科技"),
        ("科技创新和产业创新深度溶合", "科技创新和产业创新深度融合"),
    ],
)
def test_what_sounds_like_it_is_found_by_its_sound(
    shipped: Corpus, ask: Ask, typed: str, meant: str
) -> None:
    found = ask(typed)
    assert found.corrected == meant
    assert {hit.match for hit in found.hits} == {Match.PINYIN}
    assert set(ids(found.hits)) == holders(shipped, meant)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("制照业", "制造业"),
        ("新生产力", "新质生产力"),
        ("新质质生产力", "新质生产力"),
        ("新生质产力", "新质生产力"),
        ("工人智能", "人工智能"),
        ("战略性新型产业", "战略性新兴产业"),
        ("现代化产业系体", "现代化产业体系"),
        ("人工智能十制造", "人工智能+制造"),
    ],
)
def test_one_character_wrong_missing_extra_or_swapped_is_put_right(
    shipped: Corpus, ask: Ask, typed: str, meant: str
) -> None:
    found = ask(typed)
    assert found.corrected == meant
    assert {hit.match for hit in found.hits} <= {Match.FUZZY, Match.PINYIN}
    assert set(ids(found.hits)) == holders(shipped, meant)


@pytest.mark.parametrize(
    ("typed", "meant"), [("人工智慧", "人工智能"), ("資訊", "信息"), ("晶片", "芯片")]
)
def test_wording_of_taiwan_finds_that_of_the_mainland_and_says_so(
    booklet: Corpus, booklet_index: Index, typed: str, meant: str
) -> None:
    assert not holders(booklet, typed)
    found = booklet_index.find(parse(typed, TODAY), today=TODAY, limit=None)
    assert found.corrected == meant
    assert set(ids(found.hits)) == holders(booklet, meant)


def test_what_can_be_put_right_is_where_something_else_stands_nowhere(
    shipped: Corpus, ask: Ask
) -> None:
    found = ask("新制生产力 火锅")
    assert found.corrected == "新质生产力 火锅"
    assert set(ids(found.hits)) == holders(shipped, "新质生产力")


def test_a_sound_and_a_wrong_character_in_one_query_are_both_put_right(ask: Ask) -> None:
    found = ask("脑肌接口 新质生户力")
    assert found.corrected == "脑机接口 新质生产力"
    assert {hit.match for hit in found.hits} <= {Match.FUZZY}


NONSENSE = [
    "不存在的词语啊",
    "今晚吃火锅吗",
    "红烧肉怎么做",
    "股票明天会涨吗",
    "比特币价格",
    "我爱北京烤鸭",
    "足球世界杯冠军",
    "周末去哪里玩",
    "阿巴阿巴",
    "哈哈哈哈",
    "asdfgh",
    "qwertyuiop",
    "你是机器猫",
    "手机坏了怎么修",
    "孙悟空大闹天宫",
    "床前明月光",
    "谢谢你",
    "这个电影好看",
    "共同富裕",
    "火锅",
    "㊣㊣",
    "12345678",
    "zzzz",
]


@pytest.mark.parametrize("typed", NONSENSE)
def test_what_has_nothing_to_do_with_the_corpus_finds_nothing_and_offers_what_does(
    ask: Ask, typed: str
) -> None:
    found = ask(typed)
    assert [hit.passage.id for hit in found.hits] == []
    assert found.suggestions
    for suggestion in found.suggestions:
        assert ask(suggestion).total > 0, suggestion


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("“脑机接囗”", "脑机接口"),
        ("“量子科学技术”", "量子"),
        ("人工智能芯片火锅电影小说", "人工智能"),
        ("海洋牧场养殖", "海洋"),
        ("“xinzhishengchanli”", "新质生产力"),
        ("“ke ji chuang xing”", "科技创新"),
    ],
)
def test_the_nearest_is_offered_and_first(ask: Ask, typed: str, offered: str) -> None:
    found = ask(typed)
    assert found.total == 0
    assert offered in found.suggestions[:2]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("从零到一", "从0到1"),
        ("从〇到一", "从0到1"),
        ("20大", "二十大"),
        ("20届4中全会", "二十届四中全会"),
        ("九千亿", "9000亿"),
        ("百分之八十", "80%"),
        ("四十周年庆祝大会", "40周年庆祝大会"),
        ("第24次集体学习", "第二十四次集体学习"),
    ],
)
def test_a_number_in_other_figures_is_found_and_the_answer_says_so(
    shipped: Corpus, ask: Ask, typed: str, meant: str
) -> None:
    found = ask(typed)
    assert found.corrected == meant
    assert {hit.match for hit in found.hits} == {Match.WORDS}
    assert set(ids(found.hits)) == holders(shipped, meant)


@pytest.mark.parametrize("typed", ["新质生产力", "人工智能 制造业", "2024年", "GDP"])
def test_what_has_hits_is_never_put_right(ask: Ask, typed: str) -> None:
    assert ask(typed).corrected is None


@pytest.mark.parametrize(
    "typed", ["区块链挖矿", "特朗普关税", "苹果手机", "火锅底料", "天气怎么样", "asdfghjkl"]
)
def test_where_nothing_is_near_the_topics_are_offered_as_such(
    shipped: Corpus, ask: Ask, typed: str
) -> None:
    found = ask(typed)
    assert (found.total, found.are_near) == (0, False)
    assert found.suggestions == shipped.topics[: len(found.suggestions)]


def test_what_shares_a_word_or_a_sound_is_near(ask: Ask) -> None:
    for typed in ("海洋牧场养殖", "“naojijiekou”", "2019年"):
        assert ask(typed).are_near, typed


def test_what_sounds_like_one_word_is_meant_though_its_pieces_stand_somewhere(
    booklet: Corpus, booklet_index: Index
) -> None:
    assert holders(booklet, "人工")
    assert holders(booklet, "只能")
    found = booklet_index.find(parse("人工只能", TODAY), today=TODAY, limit=None)
    assert found.corrected == "人工智能"
    assert set(ids(found.hits)) == holders(booklet, "人工智能")


@pytest.mark.parametrize("typed", ["江山就是人民", "绿水青山就是金山银山"])
def test_grammar_alone_is_no_answer(booklet_index: Index, typed: str) -> None:
    assert booklet_index.find(parse(typed, TODAY), today=TODAY).total == 0


@pytest.mark.parametrize("typed", ["中国梦", "一个都不能少"])
def test_a_word_and_one_character_more_is_no_mistake(ask: Ask, typed: str) -> None:
    assert (ask(typed).total, ask(typed).corrected) == (0, None)


def test_the_day_is_offered_where_its_date_was_quoted(ask: Ask) -> None:
    assert ask("“2024年3月5日”").suggestions[0] == "2024年3月5日"


def test_what_is_searched_for_instead_is_said_when_only_some_of_it_is_found(ask: Ask) -> None:
    found = ask("股市大跌")
    assert {hit.match for hit in found.hits} == {Match.WORDS}
    assert found.corrected == "资本市场大跌"


def test_a_phrase_is_not_put_right_but_what_was_meant_is_offered(ask: Ask) -> None:
    found = ask("“脑肌接口”")
    assert (found.total, found.corrected) == (0, None)
    assert found.suggestions[0] == "脑机接口"


def test_another_number_is_not_taken_for_a_mistake(ask: Ask) -> None:
    assert ask("二十届九中全会").corrected is None


def test_a_fragment_across_two_words_is_no_correction(ask: Ask) -> None:
    assert ask("上海").total == 0


def test_every_term_of_a_query_is_put_right(ask: Ask) -> None:
    assert ask("脑肌接口 量子可技").corrected == "脑机接口 量子科技"


def test_a_correction_still_obeys_the_date(ask: Ask) -> None:
    found = ask("2026年3月 xinzhishengchanli")
    assert found.corrected == "新质生产力"
    assert all(hit.passage.id.startswith("q-2026-03") for hit in found.hits)


@pytest.mark.parametrize("typed", ["火锅", "房价走势", "2019年", "12月24日", "2014年 雄安", "zzzz"])
def test_with_nothing_found_every_suggestion_finds_something(ask: Ask, typed: str) -> None:
    found = ask(typed)
    assert found.total == 0
    assert found.suggestions
    for suggestion in found.suggestions:
        assert ask(suggestion).total > 0, suggestion


def test_the_nearest_dates_are_offered_nearest_first(ask: Ask) -> None:
    assert ask("2019年").suggestions == ("2020年4月1日", "2020年10月14日", "2023年9月7日")


def test_nearest_over_the_turn_of_the_year_is_near(ask: Ask) -> None:
    assert ask("1月1日").suggestions[0] == "2024年12月11日"
