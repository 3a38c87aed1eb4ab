"""A question as Telegram's quiz: the words around it, within the limits of a poll.

Here lives the wording of the four kinds and the fitting of each part: a question has at most
300 characters, an option 100, an explanation 200 with at most two line feeds
(https://core.telegram.org/bots/api#sendpoll, #inputpolloption). Telegram counts UTF-16 code
units, after parsing; everything here is plain text, so that what is counted is what is sent.
Polls have no HTML: what must be said above a question stands before it in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from bot.model import Article, Corpus, QuizKind, QuizPoll, QuizQuestion, Quote, Reading
from bot.render import dates
from bot.render.language import _, as_read
from bot.render.split import units

QUESTION_LIMIT: Final = 300
OPTION_LIMIT: Final = 100
EXPLANATION_LIMIT: Final = 200
BLANK: Final = "＿＿＿＿"  # as `study.quiz.BLANK`; a test holds both together

_PAUSES = "。！？；，：、;,"
_CUT = "……"
_OCCASION_ROOM = 80  # in a question, so that notes before it find room
_TAIL = 30  # of an option that is cut: how it ends often tells it from others


def poll(one: QuizQuestion, corpus: Corpus, *, is_anonymous: bool = False) -> QuizPoll | None:
    """The question in words; None when its passage has left the corpus."""
    passage = corpus.passage(one.passage_id)
    options = [_option(one.kind, option, corpus) for option in one.options]
    if passage is None or not all(options):
        return None
    return QuizPoll(
        question=_question(one, passage),
        options=told_apart(options, OPTION_LIMIT),
        correct=one.correct,
        explanation=_explanation(one, passage),
        is_anonymous=is_anonymous,
    )


def fields(shown: QuizPoll) -> dict[str, Any]:
    """The parameters of sendPoll that the quiz is made of."""
    return {
        "question": shown.question,
        "options": list(shown.options),
        "type": "quiz",
        "correct_option_ids": [shown.correct],
        "explanation": shown.explanation,
        "is_anonymous": shown.is_anonymous,
    }


def numbered(shown: QuizPoll, number: int, count: int) -> QuizPoll:
    """One of several questions that are asked together."""
    return _headed(shown, _("测验 {number}/{count}", number=number, count=count))


def may_be_duplicate(shown: QuizPoll) -> QuizPoll:
    """A poll that may have been sent before, saying so first."""
    return _headed(shown, _("（网络不稳，这题可能与刚才的重复）"))


def may_have_been_sent(shown: QuizPoll) -> QuizPoll:
    """A poll that may have been sent before the database was restored, saying so first."""
    return _headed(shown, _("（数据恢复过，这题可能与早先的重复）"))


def moved_to_general(shown: QuizPoll) -> QuizPoll:
    """The first poll after its topic was closed or deleted, saying so first."""
    return _headed(shown, _("（原来的话题关了，测验改发到这里）"))


def _headed(shown: QuizPoll, note: str) -> QuizPoll:
    room = QUESTION_LIMIT - units(note) - 1
    return replace(shown, question=f"{note}\n{shortened(shown.question, room)}")


# ------------------------------------------------------------------- the question


def _question(one: QuizQuestion, passage: Quote | Reading) -> str:
    ask = _ask(one, passage)
    room = QUESTION_LIMIT - units(ask) - 3
    text = _around_blank(_ended(_flat(as_read(one.text))), room)
    return f"{ask}\n“{_inner(text)}”"


def _ask(one: QuizQuestion, passage: Quote | Reading) -> str:
    match one.kind:
        case QuizKind.TERM:
            return _("🧩 填空：原文横线处是哪个词？")
        case QuizKind.YEAR:
            assert isinstance(passage, Quote)
            occasion = shortened(_flat(as_read(passage.occasion)), _OCCASION_ROOM)
            return _("🧩 这段话是哪一年讲的？（{occasion}）", occasion=occasion)
        case QuizKind.OCCASION:
            return _("🧩 这段话是在什么场合讲的？")
        case QuizKind.ARTICLE:
            is_verbatim = isinstance(passage, Reading) and one.text != passage.section.digest
            if is_verbatim and isinstance(passage, Reading) and one.text in passage.section.excerpt:
                return _("🧩 这句话出自哪篇文章？")
            return _("🧩 哪篇文章讲了这个意思？")


def _ended(text: str) -> str:
    """A piece that ends within a sentence says so."""
    return text if text[-1:] in "。！？”》" else f"{text.rstrip('，；：、,;')}{_CUT}"


def _inner(text: str) -> str:
    """Quotation marks within quotation marks."""
    return text.replace("“", "‘").replace("”", "’")


def _around_blank(text: str, room: int) -> str:
    """`text` in at most `room` units, cut at the borders of clauses, with the blank in it."""
    if units(text) <= room:
        return text
    at = max(text.find(BLANK), 0)
    start = 0
    while units(text[start:]) > room:
        border = next((i + 1 for i in range(start, at) if text[i] in _PAUSES), None)
        if border is None:
            break
        start = border
    lead = _CUT if start else ""
    return lead + shortened(text[start:], room - units(lead))


# -------------------------------------------------------------------- the options


def _option(kind: QuizKind, option: str, corpus: Corpus) -> str:
    if kind is QuizKind.YEAR:
        return _("{year}年", year=option)
    if kind is QuizKind.ARTICLE:
        article = corpus.article(option)
        return "" if article is None else _named(article)
    return _flat(as_read(option))


def _named(article: Article) -> str:
    return _(
        "《{title}》（{author}）", title=as_read(article.title), author=as_read(article.author)
    )


def told_apart(options: Sequence[str], limit: int) -> tuple[str, ...]:
    """The options, each in at most `limit` UTF-16 units and no two alike.

    What is too long keeps its beginning and its end; where that makes two alike, they are
    numbered. Different options are expected.
    """
    cut = [_clipped(option, limit) for option in options]
    counted = Counter(cut)
    return tuple(
        option if counted[option] == 1 else _clipped(f"{number}. {whole}", limit)
        for number, (option, whole) in enumerate(zip(cut, options, strict=True), 1)
    )


def _clipped(option: str, limit: int) -> str:
    if units(option) <= limit:
        return option
    tail = _fitting(option[::-1], min(_TAIL, limit // 3))[::-1]
    return f"{_fitting(option, limit - units(tail) - 1)}…{tail}"


# ---------------------------------------------------------------- the explanation


def _explanation(one: QuizQuestion, passage: Quote | Reading) -> str:
    cited = _cited(passage)
    if one.kind is not QuizKind.TERM:
        return shortened(cited, EXPLANATION_LIMIT)
    room = EXPLANATION_LIMIT - units(cited) - units(_("原文：“{text}”", text="")) - 1
    text = _around_answer(one, room)
    if not text:
        return shortened(cited, EXPLANATION_LIMIT)
    return "\n".join((_("原文：“{text}”", text=_inner(text)), cited))


def _around_answer(one: QuizQuestion, room: int) -> str:
    """The clauses around the answer, as many as there is room for; empty without room."""
    before, _blank, after = _flat(as_read(one.text)).partition(BLANK)
    answer = as_read(one.answer)
    head, tail = _last_clause(before), _first_clause(after)
    if units(head + answer + tail) > room:
        return answer if units(answer) <= room else ""
    whole = f"{before}{answer}{after}".rstrip("，；：、")
    return whole if units(whole) <= room else f"{head}{answer}{tail}"


def _last_clause(text: str) -> str:
    border = max((text.rfind(pause) for pause in _PAUSES), default=-1)
    return text[border + 1 :]


def _first_clause(text: str) -> str:
    borders = [at for at in (text.find(pause) for pause in _PAUSES) if at >= 0]
    return text[: min(borders)] if borders else text


def _cited(passage: Quote | Reading) -> str:
    if isinstance(passage, Quote):
        occasion = shortened(_flat(as_read(passage.occasion)), 150)
        return _("—— {occasion}（{date}）", occasion=occasion, date=dates.day(passage.said_on))
    article = passage.article
    return _(
        "—— {article}，{source}",
        article=shortened(_flat(_named(article)), 120),
        source=shortened(_flat(as_read(article.source)), 60),
    )


# ------------------------------------------------------------------------ fitting


def shortened(text: str, room: int) -> str:
    """`text` in at most `room` UTF-16 units; cut after a clause, where the later half has one."""
    if units(text) <= room:
        return text
    kept = _fitting(text, room - units(_CUT))
    border = max((kept.rfind(pause) for pause in _PAUSES), default=-1)
    if border > len(kept) // 2:
        kept = kept[:border]
    return kept.rstrip() + _CUT


def _flat(text: str) -> str:
    """On one line: of line feeds an explanation has few, and an option none."""
    return " ".join(text.split())


def _fitting(text: str, room: int) -> str:
    """The longest beginning of `text` within `room` units, no character cut in two."""
    kept = text[: max(room, 0)]
    while units(kept) > room:
        kept = kept[:-1]
    return kept
