"""The study room: pure decisions.

    When, and what, of a push:
    calendar.py      when it is due, or whatever else comes at one time of day
    rotation.py      which quotation, which reading; choice.py both together
    foresight.py     the days to come; today.py a day without a chat
    Of the other things that come:
    recurrence.py    when a session is and its notices are due; agenda.py what it talks about,
                     turns.py which turn of it
    attendance.py    who is awaited, who came
    streaks.py       days in a row
    reading_plan.py  which part of a text has which day
    quiz.py          questions, made of excerpts.py and blanks.py; repetition.py which comes back
    trend.py         a term through time
    archive.py       a group's data as a file
    What people mean:
    words.py         by a time, days and a zone (zones.py)
    reminders.py     by the line behind 提醒 (dates_ahead.py); reading_wishes.py, quiz_words.py
                     by those behind 读书计划 and /quiz

No I/O, no clock, no randomness: moments, history and seeds come in as arguments, and the
same arguments give the same answer for ever. No wording but that of a refused word.
"""
