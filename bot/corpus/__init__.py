"""The corpus room: files on disk become the model, and every mistake in them a line number.

    load.py         directories -> Corpus, or every mistake at once
    compilation.py  the formats of compilation.yaml and quotes.yaml
    article.py      the format of an article: YAML front matter and marked-down sections
    fields.py       YAML with positions: typed fields of a mapping
    check.py        rules that no single entry can tell: duplicates, months, file names
    notes.py        what is wrong with a file, collected
    importing/      a booklet as the publisher sends it -> these files, in the data directory

No wording for users, no search, no clock; the only I/O is reading the directories given and,
in importing/versions.py, writing a new version of one.
"""
