"""Finding exact passages by words and dates: the query language and the index behind it.

    text      characters folded alike on both sides, with the way back to the original
    segment   text into words, as jieba does, and how common words are
    words     the words of the corpus, kept beside the index; pinyin
    dates     the date grammar
    filler    what people say around what they ask for
    query     what was typed -> model.Query
    periods   days as marks of passages, and the fewest marks that cover a range
    frequent  texts in so many passages that they are terms of the index themselves
    documents what is written for a passage, and the parts that are written apart
    storage   the index on disk: built beside and renamed, its parts kept while unchanged
    figures   numbers in Chinese or Arabic figures
    synonyms  words that mean the same, from a file
    clauses   what can be asked of the index: text contained, dates, kinds
    ranking   model.Query -> tiers of clauses, best first
    forgiving guesses at what was meant: by sound, one character off, nearest
    attempts  which plan and which guess is tried after which; suggestions
    pages     tiers -> one page of hits and the totals
    snippet   the piece of a passage that is shown
    index     open_index and Index.find: the one door the other rooms use

Nothing here reads the clock or touches a file other than the index's own directory.
"""
