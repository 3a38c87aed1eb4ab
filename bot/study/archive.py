"""A group's data as one JSON file: written, and read back with every doubt refused.

The file is an object of the fields of `model.Archive`, version 1: dates and moments in ISO
8601, durations as ISO 8601 durations, enumerations by their words. A field that came later
has a default: files without `shown` and `seed`, what was shown on which date and the order of
the round, are read too, and their group begins a new round. So are files without `days`, what
administrators decided about single days. What comes from outside is
checked for shape, size and sense before anything is stored: a rule that no line of words
could have made, or a zone that there is not, refuses the whole file.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import TypeAdapter, ValidationError

from bot.errors import StudyWordError
from bot.model import (
    ARCHIVE_VERSION,
    NO_PLAN,
    Archive,
    ArchivedDay,
    ArchivedPlan,
    ArchivedQuiz,
    DayRule,
    Days,
    PlanState,
    Recurrence,
    Reminder,
    Schedule,
)
from bot.study.quiz_words import MOST_QUESTIONS
from bot.study.reading_plan import MOST_WEEKS
from bot.study.repetition import is_card
from bot.study.rotation import Reason

MOST_BYTES = 19 * 2**20  # Telegram lets a bot download 20 million bytes
_MOST_REMINDERS = 500
_MOST_MEMBERS = 20_000
_MOST_ATTENDANCES = 200_000
_MOST_CHECK_INS = 400_000
_MOST_NOTICES = 10
_LONGEST_TEXT = 200
_FIRST_YEAR, _LAST_YEAR = 2015, 2100  # of a check-in: since there have been bots
_LONGEST_OFFSET = timedelta(days=31)
_MOST_PLANS = 500
_MOST_SECTIONS = 20_000
_LONGEST_GRACE = timedelta(days=7)
_MOST_DAYS = 1_000
_MOST_TURNS = 100_000

_MOST_QUIZZES = 20_000
_MOST_OPTIONS = 12  # of a poll
_POLL = re.compile(r"[0-9A-Za-z]{1,40}(?:@-?[0-9]{1,20})?")

_ARCHIVE = TypeAdapter(Archive)
_RULE = re.compile(
    r"FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)(?:;INTERVAL=[1-9]\d{0,2})?"
    r"(?:;BYMONTH=(?P<months>\d{1,2}(?:,\d{1,2}){0,11}))?"
    r"(?:;BYDAY=(?:-?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:MO|TU|WE|TH|FR|SA|SU)){0,6})?"
    r"(?:;BYMONTHDAY=(?P<days>-?\d{1,2}(?:,-?\d{1,2}){0,30}))?(?:;UNTIL=\d{8})?"
)
_UID = re.compile(r"[0-9a-f]{8,64}")
_ID = re.compile(r"[\w.-]{1,64}")
_REASONS = frozenset(Reason)
_LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # which PostgreSQL keeps in no text
_EXAMPLE = "/export"


def write(archive: Archive) -> bytes:
    """The file, UTF-8, for people to look into as well."""
    return _ARCHIVE.dump_json(archive, indent=2)


def read(content: bytes) -> Archive:
    """The archive of a file. Raises StudyWordError for any other file, saying why."""
    if len(content) > MOST_BYTES:
        raise too_large()
    if _NUL.search(content):
        raise StudyWordError(
            "这个文件里有存不下来的字符，什么都没有导入。请在原来的群里发 {example} 重新导出",
            _EXAMPLE,
        )
    try:
        archive = _ARCHIVE.validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        if not where:
            raise StudyWordError(
                "这个文件不是 /export 导出的文件（开头 不对），"
                "什么都没有导入。请在原来的群里发 {example} 重新导出",
                _EXAMPLE,
            ) from error
        raise StudyWordError(
            "这个文件不是 /export 导出的文件（{field} 不对），"
            "什么都没有导入。请在原来的群里发 {example} 重新导出",
            _EXAMPLE,
            field=where[:60],
        ) from error
    if archive.version != ARCHIVE_VERSION:
        raise StudyWordError(
            "这个文件是第{version}版的格式，我只认第{known}版，"
            "什么都没有导入。请在原来的群里发 {example} 重新导出",
            _EXAMPLE,
            version=archive.version,
            known=ARCHIVE_VERSION,
        )
    _check_sizes(archive)
    _check_check_ins(archive)
    _check_shown(archive)
    _check_days(archive)
    _check_zones(archive)
    for schedule in archive.schedules:
        _check_schedule(schedule)
    _check_plans(archive)
    _check_quizzes(archive)
    for reminder in archive.reminders:
        _check_reminder(reminder)
    uids = {one.uid for one in archive.reminders}
    if len(uids) < len(archive.reminders):
        raise StudyWordError(
            "这个文件里有两个提醒是同一个编号，什么都没有导入。请在原来的群里发 {example} 重新导出",
            _EXAMPLE,
        )
    if any(one.reminder_uid not in uids for one in archive.sessions):
        raise StudyWordError(
            "这个文件里有的考勤不知道属于哪个提醒，"
            "什么都没有导入。请在原来的群里发 {example} 重新导出",
            _EXAMPLE,
        )
    return replace(archive, reminders=tuple(map(_plain, archive.reminders)))


def too_large() -> StudyWordError:
    """The refusal of a file that is too large to be looked into."""
    return StudyWordError(
        "这个文件太大，最多{most}MB，什么都没有导入。请在原来的群里发 {example} 重新导出",
        _EXAMPLE,
        most=MOST_BYTES // 2**20,
    )


def _plain(reminder: Reminder) -> Reminder:
    """Without what only the bot it came from knows."""
    return replace(
        reminder,
        id=0,
        thread_id=None,
        next_due_at=None,
        notices=tuple(replace(one, id=0) for one in reminder.notices),
    )


def _check_sizes(archive: Archive) -> None:
    attendances = sum(len(one.attendances) for one in archive.sessions)
    if (
        len(archive.reminders) > _MOST_REMINDERS
        or len(archive.members) > _MOST_MEMBERS
        or len(archive.sessions) + attendances > _MOST_ATTENDANCES
        or sum(len(one.moments) for one in archive.check_ins) > _MOST_CHECK_INS
        or len(archive.pushed_on) > _MOST_CHECK_INS
        or len(archive.shown) > _MOST_CHECK_INS
    ):
        raise StudyWordError(
            "这个文件里的东西太多了，什么都没有导入。请在原来的群里发 {example} 重新导出",
            _EXAMPLE,
        )
    texts = [archive.title, *(one.name for one in archive.members)]
    texts += [one.title for one in archive.sessions]
    if any(len(one) > _LONGEST_TEXT for one in texts):
        raise StudyWordError(
            "这个文件里有的名字太长了，什么都没有导入。请在原来的群里发 {example} 重新导出",
            _EXAMPLE,
        )


def _check_check_ins(archive: Archive) -> None:
    """Dates that a chat of this bot can have had, at moments that say their zone."""
    moments = [pair for one in archive.check_ins for pair in one.moments.items()]
    dates = {*(on for on, _ in moments), *archive.pushed_on}
    people = {one.user_id for one in archive.check_ins}
    is_sane = (
        len(people) == len(archive.check_ins)
        and all(_FIRST_YEAR <= on.year <= _LAST_YEAR for on in dates)
        and all(at.tzinfo is not None for _, at in moments)
    )
    if not is_sane:
        raise StudyWordError(
            "这个文件里有的打卡不对，什么都没有导入。请在原来的群里发 {example} 重新导出",
            _EXAMPLE,
        )


def _check_shown(archive: Archive) -> None:
    """What can have been pushed, on dates that a chat of this bot can have had."""
    is_sane = (archive.seed is None or 0 <= archive.seed < 2**63) and all(
        _FIRST_YEAR <= one.on.year <= _LAST_YEAR
        and (one.known_from is None or _FIRST_YEAR <= one.known_from.year <= _LAST_YEAR)
        and all(not id_ or _ID.fullmatch(id_) for id_ in (one.quote_id, one.section_id))
        and (not one.quote_reason or one.quote_reason in _REASONS)
        and len(one.section_reason) <= _LONGEST_TEXT
        for one in archive.shown
    )
    if not is_sane:
        raise StudyWordError(
            "这个文件里的推送记录不对，什么都没有导入。请在原来的群里发 {example} 重新导出",
            _EXAMPLE,
        )


def _check_days(archive: Archive) -> None:
    """Decisions that words could have made, one a date."""
    is_sane = len({one.on for one in archive.days}) == len(archive.days) <= _MOST_DAYS and all(
        _FIRST_YEAR <= one.on.year <= _LAST_YEAR and _is_decided(one) for one in archive.days
    )
    if not is_sane:
        raise StudyWordError(
            "这个文件里的单日推送安排不对，什么都没有导入。请在原来的群里发 {example} 重新导出",
            _EXAMPLE,
        )


def _is_decided(one: ArchivedDay) -> bool:
    plan = one.plan
    return (
        plan != NO_PLAN
        and (not plan.quote_id or _ID.fullmatch(plan.quote_id) is not None)
        and len(plan.note) <= _LONGEST_TEXT
        and plan.note == " ".join(plan.note.split())
    )


def _check_schedule(one: Schedule) -> None:
    dates = [one.first_on, *([one.ends_on] if one.ends_on else [])]
    is_sane = (
        _has_days(one.days)
        and all(_FIRST_YEAR <= on.year <= _LAST_YEAR for on in dates)
        and timedelta() < one.grace <= _LONGEST_GRACE
    )
    if not is_sane:
        raise StudyWordError(
            "这个文件里有的定时安排不对，什么都没有导入。请在原来的群里发 {example} 重新导出",
            _EXAMPLE,
        )


def _check_quizzes(archive: Archive) -> None:
    """Questions that could have been asked, at moments that say their zone."""
    polls = {one.quiz.poll_id for one in archive.quizzes}
    cards = {one.key for one in archive.quiz_cards}
    is_sane = (
        len(polls) == len(archive.quizzes) <= _MOST_QUIZZES
        and len(cards) == len(archive.quiz_cards) <= _MOST_QUIZZES
        and sum(len(one.answers) for one in archive.quizzes) <= _MOST_ATTENDANCES
        and 0 <= archive.quiz_size <= MOST_QUESTIONS
        and all(_is_quiz(one) for one in archive.quizzes)
        and all(
            0 < len(one.key) <= _LONGEST_TEXT
            and one.due_at.tzinfo is not None
            and is_card(one.card)
            for one in archive.quiz_cards
        )
    )
    if not is_sane:
        raise StudyWordError(
            "这个文件里的测验不对，什么都没有导入。请在原来的群里发 {example} 重新导出", _EXAMPLE
        )


def _is_quiz(one: ArchivedQuiz) -> bool:
    quiz = one.quiz
    return (
        _POLL.fullmatch(quiz.poll_id) is not None
        and 0 < len(quiz.key) <= _LONGEST_TEXT
        and len(quiz.passage_id) <= _LONGEST_TEXT
        and is_card(quiz.card)
        and quiz.asked_at.tzinfo is not None
        and 0 <= quiz.seed < 2**63
        and all(
            0 <= option < _MOST_OPTIONS
            for option in (quiz.correct, *(answer.option for answer in one.answers))
        )
        and all(abs(answer.user_id) < 2**63 for answer in one.answers)
        and all(answer.answered_at.tzinfo is not None for answer in one.answers)
        and len({answer.user_id for answer in one.answers}) == len(one.answers)
    )


def _check_plans(archive: Archive) -> None:
    """Plans that words could have made, read by people at moments that say their zone."""
    uids = {one.plan.uid for one in archive.plans}
    standing = [one for one in archive.plans if one.plan.is_standing]
    is_sane = (
        len(uids) == len(archive.plans) <= _MOST_PLANS
        and len(standing) <= 1
        and sum(len(one.read) for one in archive.plans) <= _MOST_ATTENDANCES
        and all(_is_readable(one) for one in archive.plans)
        and (not archive.plans or archive.exported_at.tzinfo is not None)
    )
    if not is_sane:
        raise StudyWordError(
            "这个文件里有的读书计划不对，什么都没有导入。请在原来的群里发 {example} 重新导出",
            _EXAMPLE,
        )


def _is_readable(one: ArchivedPlan) -> bool:
    plan = one.plan
    ids = [section for part in plan.parts for section in part]
    return (
        _UID.fullmatch(plan.uid) is not None
        and plan.state is not PlanState.DRAFT
        and 0 < len(plan.title) <= _LONGEST_TEXT
        and 1 <= plan.weeks <= MOST_WEEKS
        and 1 <= len(plan.parts) <= MOST_WEEKS * 7
        and all(plan.parts)
        and len(ids) <= _MOST_SECTIONS
        and all(_ID.fullmatch(section) for section in ids)
        and 1 <= plan.first_part <= len(plan.parts) + 1
        and _has_days(plan.days)
        and _FIRST_YEAR <= plan.starts_on.year <= _LAST_YEAR
        and all(1 <= read.part <= len(plan.parts) for read in one.read)
        and all(read.read_at.tzinfo is not None for read in one.read)
    )


def _has_days(days: Days) -> bool:
    """Whether the rule is one of words, and has a day at all."""
    if days.rule is not DayRule.WEEKDAYS:
        return not days.weekdays
    return bool(days.weekdays) and days.weekdays <= frozenset(range(1, 8))


def _check_zones(archive: Archive) -> None:
    zones = {archive.zone, *(one.zone for one in archive.reminders)}
    zones |= {one.zone for one in archive.schedules}
    if archive.subscription is not None:
        zones.add(archive.subscription.zone)
    for zone in zones:
        _check_zone(zone)


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise StudyWordError(
            "这个文件里有我不认得的时区，什么都没有导入。请在原来的群里发 {example} 重新导出",
            _EXAMPLE,
        ) from error


def _check_reminder(one: Reminder) -> None:
    texts = (one.title, one.place, one.theme)
    is_sane = (
        0 < len(one.uid) <= 64
        and all(len(text) <= _LONGEST_TEXT for text in texts)
        and len(one.notices) <= _MOST_NOTICES
        and all(abs(notice.offset) <= _LONGEST_OFFSET for notice in one.notices)
        and len(one.changes) <= 1000
        and timedelta() < one.lasts <= timedelta(days=1)
        and one.edited_at.tzinfo is not None
        and _FIRST_YEAR <= one.edited_at.year <= _LAST_YEAR
        and abs(one.first_turn) <= _MOST_TURNS
    )
    if not is_sane or not _is_possible(one.recurrence):
        raise StudyWordError(
            "这个文件里的提醒“{title}”不对，什么都没有导入。请在原来的群里发 {example} 重新导出",
            _EXAMPLE,
            title=one.title[:20],
        )


def _is_possible(recurrence: Recurrence) -> bool:
    """Whether the rule is of the kind that words make, and has a date at all."""
    if recurrence.workday is not None and not -15 <= recurrence.workday <= 15:
        return False
    if not recurrence.rule:
        return recurrence.workday is None
    match = _RULE.fullmatch(recurrence.rule)
    if match is None:
        return False
    months = [int(one) for one in (match["months"] or "").split(",") if one]
    if not all(1 <= month <= 12 for month in months):
        return False
    days = [abs(int(one)) for one in (match["days"] or "").split(",") if one]
    longest = max(_LONGEST_MONTH[month - 1] for month in months or range(1, 13))
    return all(1 <= day <= 31 for day in days) and (not days or min(days) <= longest)
