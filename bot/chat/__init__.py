"""Telegram in: what people send becomes calls of the other rooms, and answers go back.

Here live the handlers, one file per subject, registered in one ordered list
(`register.handlers`). No wording (that is `render`), no SQL, no decisions about when or
what is pushed (that is `study`).

The way of an update:

    register.py       every handler, in order
    order.py          one at a time in a chat, each once
    admission.py      who is answered at all; limits.py how often
    words.py          what is said to the bot goes by subjects.py to one of these,
    buttons.py        what is pressed, by `render.callbacks`; presses.py not twice:

    start.py, quotes.py, search.py, check.py, trend.py, inline.py, reading.py   the corpus
    settings.py (with wishes.py, languages.py, zones.py), plan.py, why.py       the daily push
    reminders.py, calendars.py, attendance.py, records.py                       sessions
    check_ins.py, weekly.py                                                     check-ins
    reading_plans.py, reading_taps.py, reading_here.py                          reading together
    quizzes.py, quiz_schedule.py                                                quizzes
    membership.py, transfer.py, forgetting.py      a chat moves, its data go elsewhere or away
    reload.py, upload.py (by booklets.py)          the owner's corpus

    context.py        what each of them is given
    rights.py, remembered.py, pictures.py          what several of them need
    replies.py, boards.py                          answers; messages that show taps
    errors.py         what happens when one fails
"""
