"""Importing a booklet: a file as the publisher sends it becomes a compilation and a report.

Each stage is a file and knows only the one before it:

    formats.py     a file's bytes -> pages of lines (source.py), by the format they are in
    plain.py docx.py pdf.py
                   one format each: text, Word documents, PDFs with a text layer
    furniture.py   pages -> pages without page numbers and running heads
    paragraphs.py  pages -> paragraphs, healed across page breaks
    booklet.py     paragraphs -> the booklet: the format is explained there
    cover.py       its cover: title, publisher, month, contents page
    quotations.py  its quotations, told by their attribution lines
    articles.py    its articles: title, author, post, source
    headings.py    an article's outline: which paragraphs are headings, and of what depth
    wording.py     the small forms all of these are written in: dates, numerals
    marks.py       the lines that give a booklet its structure, in all their forms
    doubts.py      what a careful reader would ask about
    report.py      repairs, doubts and counts
    compilation.py the booklet -> the model, with the ids and digests that are known already
    writing.py     the model -> the text of the corpus files
    versions.py    files -> a directory, switched at once, the version before kept

No wording for the chat, no search, no clock.
"""
