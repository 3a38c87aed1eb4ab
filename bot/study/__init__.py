"""The study room: pure decisions.

    calendar.py  when is a push due
    rotation.py  which quotation, which reading
    words.py     what people mean by a time, days and a zone

No I/O, no clock, no randomness: moments, history and seeds come in as arguments, and the
same arguments give the same answer for ever. No wording but that of a refused word.
"""
