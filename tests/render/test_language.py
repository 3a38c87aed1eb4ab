"""Languages: complete catalogues, no word beside them, and nothing lost on the way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextvars import copy_context
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from opencc import OpenCC

from bot.model import (
    ChatKind,
    Corpus,
    DateRange,
    DayRule,
    Days,
    Language,
    PartialDate,
    Script,
    Snippet,
    YearlyDate,
)
from bot.render import dates, notes, plan, reminders, sessions, settings
from bot.render import help as wording
from bot.render.language import CATALOGUES, _, _n, as_read, language, speak, speaking
from bot.render.passages import quotation
from bot.render.push import push
from bot.render.results import snippet
from tests.conftest import ROOT
from tests.render.conftest import seen

CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
PLURAL = "_n"
LOCALES = ("en", "zh_Hant")


# ----------------------------------------------------------- what the code says, and how


@cache
def marks() -> frozenset[str]:
    """The functions whose first argument `make messages` takes for a message."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return frozenset(re.findall(r"-k (\w+)", makefile))


@cache
def calls() -> tuple[tuple[Path, ast.Call], ...]:
    """Every call of a mark in the code, with its file."""
    return tuple(
        (path, node)
        for path in sorted((ROOT / "bot").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args and _is_mark(node.func)
    )


def _is_mark(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) and function.id in marks()


@cache
def said() -> frozenset[str]:
    """Every message of the code."""
    return frozenset(
        node.args[0].value
        for _path, node in calls()
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    )


@cache
def catalogue(locale: str) -> Catalog:
    with (CATALOGUES / f"{locale}.po").open("rb") as file:
        return read_po(file, locale=locale)


@cache
def translated(locale: str) -> dict[str, tuple[str, ...]]:
    """Message to what is said for it, a form or two."""
    words = {}
    for one in catalogue(locale):
        if one.id:
            key = one.id if isinstance(one.id, str) else one.id[0]
            every = one.string or ""
            words[key] = (every,) if isinstance(every, str) else tuple(every)
    return words


def forms(locale: str) -> Iterator[tuple[str, str, int]]:
    """Each message, what is said for it, and which form that is, from 0."""
    for message, every in translated(locale).items():
        for number, form in enumerate(every):
            yield message, form, number


def names(text: str) -> set[str]:
    """The placeholders of a message."""
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name}


def test_the_code_says_what_can_be_looked_up() -> None:
    made = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, node in calls()
        if any(isinstance(part, ast.JoinedStr) for part in ast.walk(node.args[0]))
    ]
    assert made == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_of_the_code_is_in_the_catalogue(locale: str) -> None:
    """`make messages` misses what stands within an f-string; this test does not."""
    assert sorted(said() - translated(locale).keys()) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_catalogue_has_nothing_that_the_code_does_not_say(locale: str) -> None:
    assert sorted(translated(locale).keys() - said()) == []
    assert list(catalogue(locale).obsolete) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_is_translated_in_every_form(locale: str) -> None:
    assert [message for message, form, _number in forms(locale) if not form] == []
    assert not any(one.id and one.fuzzy for one in catalogue(locale))


def test_english_has_a_form_for_one_wherever_the_code_counts() -> None:
    counted = {
        str(node.args[0].value)
        for _path, node in calls()
        if isinstance(node.func, ast.Name)
        and node.func.id == PLURAL
        and isinstance(node.args[0], ast.Constant)
    }
    assert [one for one in counted if len(translated("en")[one]) != 2] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_has_the_places_of_its_message(locale: str) -> None:
    wrong = [
        (message, form)
        for message, form, number in forms(locale)
        # "The first quotation" says how many without a number.
        if names(form) != names(message)
        and not (number == 0 and names(form) | {"count"} == names(message))
    ]
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_has_the_tags_of_its_message(locale: str) -> None:
    tag = re.compile(r"</?[a-z]+>")
    wrong = [
        message
        for message, form, _number in forms(locale)
        if sorted(tag.findall(form)) != sorted(tag.findall(message))
    ]
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_names_the_commands_of_its_message(locale: str) -> None:
    command = re.compile(r"(?<![\w/}])/[a-z]+")
    wrong = [
        message
        for message, form, _number in forms(locale)
        if sorted(command.findall(form)) != sorted(command.findall(message))
    ]
    assert wrong == []


# ------------------------------------------------------------------ which characters

# Command words and names of languages, which are themselves in every language.
KEPT_SIMPLIFIED = ("周榜", "语言 简体")


def test_the_traditional_catalogue_has_no_simplified_character() -> None:
    to_traditional, to_simplified = OpenCC("s2tw"), OpenCC("tw2s")
    wrong = set()
    for _message, form, _number in forms("zh_Hant"):
        rest = form
        for kept in KEPT_SIMPLIFIED:
            rest = rest.replace(kept, "")
        for character in rest:
            # One that traditional Chinese has too (里, 后, 面) is told by its words, below.
            is_simplified = to_simplified.convert(character) == character
            if is_simplified and to_traditional.convert(character) not in (character, ""):
                wrong.add((character, form))
    # Characters of both, in senses where both write them so.
    both = set("只后里面系台周余表志向范准干才出发布占采游")
    assert {one for one in wrong if one[0] not in both} == set()


# Where one simplified character stands for several traditional ones: what may not be written.
MISTAKEN = (
    *("群里", "這里", "哪里", "庫里", "章里", "以后", "之后", "往后", "后天", "稍后", "最后"),
    *(
        "恢複",
        "回複",
        "重復",
        "復製 ",
        "關系",
        "聯系",
        "一隻",
        "隻有",
        "隻看",
        "隻能",
        "隻在",
        "隻是",
    ),
    *("每周", "周末", "一周", "周二", "周五", "鍾", "后續", "制表", "復制", "準確定", "發生"),
)


def test_the_traditional_catalogue_takes_the_right_one_of_several() -> None:
    wrong = [
        (word, form)
        for _message, form, _number in forms("zh_Hant")
        for word in MISTAKEN
        if word in form
    ]
    assert wrong == []


# What people type is Chinese in every language, and so are the passages.
TYPED = tuple(
    word
    for line in (
        "新质生产力 人工智能 制造业 因地制宜 未来产业 论述 文章 去年 年以来 年 月 日 本月",
        "每周五 学习会 提前 分钟 继续 因地制宜加快发展新质生产力 次年 在…上的讲话",
        "语言 简体 語言 繁體 周榜 周日 周 补课 成绩 停 题",
    )
    for word in line.split()
)


def test_english_is_english_but_for_what_people_type() -> None:
    wrong = []
    for message, form, _number in forms("en"):
        rest = form.replace("《", "").replace("》", "")
        for word in sorted(TYPED, key=len, reverse=True):
            rest = rest.replace(word, "")
        if CJK.search(rest.replace("　", "").replace("——", "").replace("（", "").replace("）", "")):
            wrong.append((message, form))
    assert wrong == []


# --------------------------------------------------------------- no words beside it

# Vocabularies: what people type, and signs that are no words.
VOCABULARY = {
    "bot/chat/subjects.py": "the Chinese words of commands",
    "bot/chat/wishes.py": "what people write after 设置",
    "bot/chat/plan.py": "what people write after 计划",
    "bot/chat/reminders.py": "what people write after 提醒",
    "bot/chat/check_ins.py": "what people write after 打卡",
    "bot/chat/weekly.py": "what people write after 打卡 周榜",
    "bot/chat/quiz_schedule.py": "what people write after 测验",
    "bot/chat/quizzes.py": "what people write after 测验",
    "bot/chat/reading_plans.py": "what people write after 读书计划",
    "bot/chat/trend.py": "marks around a term",
    "bot/chat/transfer.py": "the word 导入 as a caption",
    "bot/chat/words.py": "the colon after a command word",
    "bot/render/html.py": "where sentences end",
    "bot/render/split.py": "where clauses end",
    "bot/render/pieces.py": "where sentences and clauses end",
    "bot/render/typeset.py": "which signs may not begin or end a line",
    "bot/render/alarms.py": "where sentences end",
}
# Examples of what people type, which is Chinese in every language, and lines of it.
EXAMPLE = re.compile(r"/[a-z]+ .+|.*\d{1,2}:\d{2}.*|隔周三 .+|[\s—⏰📝‹·]+")
TYPED_LINES = {
    "bot/render/recurrences.py": "a reminder as it is typed",
    "bot/render/reading_plans.py": "a reading plan as it is typed",
}
SIGNS = re.compile(r"[\s《》、，；：（）。！？“”‘’「」『』…—·＿!?;,:.\\|\u3000📝⏰#＃\[\]]*")
# Names of languages, and offers of them, are each in their own.
NAMES = frozenset(settings.LANGUAGE_NAMES.values()) | frozenset(wording.OFFERS.values())


def beside(path: Path) -> Iterator[str]:
    """Chinese in a file that goes through no catalogue."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    passed: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))  # a docstring
        if isinstance(node, ast.Call) and _is_mark(node.func):
            # A message, and the example that goes with a refusal.
            passed |= {id(part) for one in node.args for part in ast.walk(one)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        text = node.value
        if id(node) in passed or not CJK.search(text) or SIGNS.fullmatch(text):
            continue
        if text not in NAMES and not EXAMPLE.fullmatch(text):
            yield f"{path.relative_to(ROOT)}:{node.lineno}: {text!r}"


@pytest.mark.parametrize("room", ["render", "chat", "delivery"])
def test_no_chinese_goes_past_the_catalogues(room: str) -> None:
    explained = {**VOCABULARY, **TYPED_LINES}
    files = [
        path
        for path in sorted((ROOT / "bot" / room).glob("*.py"))
        if str(path.relative_to(ROOT)) not in explained
    ]
    assert [line for path in files for line in beside(path)] == []


@pytest.mark.parametrize("name", [*VOCABULARY, *TYPED_LINES])
def test_a_vocabulary_is_there(name: str) -> None:
    assert CJK.search((ROOT / name).read_text(encoding="utf-8"))


# ------------------------------------------------------------------------ speaking


def test_the_words_of_the_code_are_said_as_they_stand() -> None:
    assert _("✅ 改好了") == "✅ 改好了"


def test_english_and_traditional_are_said_from_their_catalogues() -> None:
    with speaking(Language.ENGLISH):
        assert _("✅ 改好了") == "✅ Changed"
    with speaking(Language.TRADITIONAL):
        assert _(
            "论述按什么顺序？\n轮着来：往年今天有论述就推那一条，其余不重复地轮完一遍再从头。"
        ).startswith("論述按什麼順序")


def test_english_tells_one_from_several() -> None:
    with speaking(Language.ENGLISH):
        assert (_n("论述 {count} 条", 1), _n("论述 {count} 条", 2)) == (
            "1 quotation",
            "2 quotations",
        )
    with speaking(Language.TRADITIONAL):
        assert _n("论述 {count} 条", 1) == "論述 1 條"


def test_a_block_gives_the_language_back() -> None:
    with speaking(Language.ENGLISH), speaking(Language.TRADITIONAL):
        assert language() is Language.TRADITIONAL
    assert language() is Language.SIMPLIFIED


def test_what_is_spoken_in_one_context_is_not_in_another() -> None:
    copy_context().run(speak, Language.ENGLISH, Script.TRADITIONAL)
    assert language() is Language.SIMPLIFIED
    assert as_read("发展") == "发展"


# ----------------------------------------------------------------------- the corpus


def test_quotations_stay_as_printed_in_every_language(corpus: Corpus) -> None:
    one = corpus.quotes[0]
    for spoken in Language:
        with speaking(spoken):
            assert one.text.split("\n")[0] in seen(quotation(one, corpus).text)


def test_traditional_quotations_leave_interface_and_buttons_alone(corpus: Corpus) -> None:
    one = next(quote for quote in corpus.quotes if "发展" in quote.text)
    plain = quotation(one, corpus)
    with speaking(Language.SIMPLIFIED, Script.TRADITIONAL):
        shown = quotation(one, corpus)
    assert "發展" in seen(shown.text)
    assert "发展" not in seen(shown.text)
    assert shown.buttons == plain.buttons
    assert f"编号：{one.id}" in seen(shown.text)


def test_every_text_of_the_corpus_keeps_its_length_in_traditional_characters(
    corpus: Corpus,
) -> None:
    """Marks of a snippet and pieces of an original are told by their offsets."""
    with speaking(Language.SIMPLIFIED, Script.TRADITIONAL):
        for text in (
            *(quote.text for quote in corpus.quotes),
            *(reading.text for reading in corpus.readings),
        ):
            assert len(as_read(text)) == len(text)


def test_what_matched_stays_marked_in_traditional_characters() -> None:
    piece = Snippet("加快发展新质生产力", ((4, 9),), cut_before=False, cut_after=False)
    with speaking(Language.SIMPLIFIED, Script.TRADITIONAL):
        assert snippet(piece) == "加快發展<b>新質生產力</b>"


def test_a_push_in_english_cites_in_english(corpus: Corpus) -> None:
    one = corpus.quotes[0]
    with speaking(Language.ENGLISH):
        text = seen(push(one, None, on=date(2026, 11, 24)).text)
    assert text.startswith("📖 Quotation of the day · Tue, 24 November")
    assert dates.day(one.said_on) not in text  # 2024年3月5日


def test_both_notes_fit_above_a_message_in_every_language() -> None:
    for spoken in Language:
        with speaking(spoken):
            text = seen(notes.may_be_duplicate(notes.moved_to_general("")))
        assert len(text.encode("utf-16-le")) // 2 <= notes.ROOM


# ------------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (DateRange(date(2024, 3, 5), date(2024, 3, 5)), "5 March 2024"),
        (DateRange(date(2024, 3, 1), date(2024, 3, 31)), "March 2024"),
        (DateRange(date(2024, 1, 1), date(2024, 12, 31)), "2024"),
        (DateRange(date(2023, 1, 1), date(2025, 12, 31)), "2023 to 2025"),
        (DateRange(date(2024, 3, 1), date(2024, 5, 31)), "March to May 2024"),
        (DateRange(date(2023, 9, 1), date(2024, 3, 31)), "September 2023 to March 2024"),
        (DateRange(date(2024, 3, 1), date(2024, 3, 15)), "1 to 15 March 2024"),
        (DateRange(date(2024, 3, 1), date(2024, 5, 6)), "1 March to 6 May 2024"),
        (DateRange(date(2024, 3, 1), None), "since March 2024"),
        (DateRange(None, date(2023, 12, 31)), "until the end of 2023"),
        (DateRange(None, None), "any date"),
        (YearlyDate(3, 5), "every 5 March"),
        (YearlyDate(3), "every March"),
    ],
)
def test_a_date_of_a_query_is_described_in_english(
    when: DateRange | YearlyDate, words: str
) -> None:
    with speaking(Language.ENGLISH):
        assert dates.describe([when]) == words


def test_days_and_moments_are_told_in_english() -> None:
    today = date(2026, 11, 24)
    at = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
    with speaking(Language.ENGLISH):
        assert dates.day_of_week(today) == "Tue, 24 November"
        assert dates.moment(at, "Asia/Shanghai", today) == "tomorrow (Wed, 25 November) 08:00"
        assert dates.near_day(date(2025, 11, 20), today) == "20 November 2025"
        assert dates.partial(PartialDate(2026, 2)) == "February 2026"
        assert dates.zone_name("Asia/Shanghai") == "Beijing time"
        assert dates.days(Days(DayRule.WORKDAYS)) == "on workdays"
        assert dates.days(Days(DayRule.WEEKDAYS, frozenset({1, 3, 5}))) == "every Mon, Wed, Fri"
        assert dates.days(Days(DayRule.WEEKDAYS, frozenset({1, 2, 3}))) == "every Mon to Wed"


def test_a_source_that_names_its_date_is_not_dated_twice_in_english(corpus: Corpus) -> None:
    with speaking(Language.ENGLISH):
        from bot.render.passages import source

        for one in corpus.readings:
            dated = replace(one.article, source=f"《日报》{_printed(one.article.published)}")
            told = source(replace(one, article=dated))
            assert told == dated.source
            break


def _printed(published: PartialDate) -> str:
    with speaking(Language.SIMPLIFIED):
        return dates.partial(published)


# ------------------------------------------------------------------- within limits

NOTICE_LIMIT = 200  # https://core.telegram.org/bots/api#answercallbackquery
NOTICES = (
    *(wording.OUTDATED, wording.TOO_MANY_PRESSES, wording.NOT_CONFIRMED, wording.ONLY_OWNER),
    *(settings.DONE, plan.SWAPPED, plan.RESET, plan.DONE_BEFORE, sessions.NOT_HELD, sessions.OVER),
    *(*sessions.NOTICES.values(), *sessions.ALREADY.values(), reminders.PAST, reminders.GONE),
)


@pytest.mark.parametrize("spoken", Language)
def test_a_notice_over_a_button_is_short_enough(spoken: Language) -> None:
    with speaking(spoken):
        said = [*map(_, NOTICES), *map(settings.only_administrators, ChatKind)]
    assert [one for one in said if len(one.encode("utf-16-le")) // 2 > NOTICE_LIMIT] == []


@pytest.mark.parametrize("spoken", Language)
def test_what_stands_in_the_menu_is_short_enough(spoken: Language) -> None:
    with speaking(spoken):
        lines = {name: _(line) for name, line in wording.MENU.items()}
    assert {name: line for name, line in lines.items() if not 1 <= len(line) <= 256} == {}
