"""Every word the bot says: model values in, `model.Answer` (Telegram HTML and buttons) out.

Here live wording, layout, splitting and the grammar of button data. Words are said through
`language`, which has those of other languages from `locale/`, a catalogue each. Everything is
pure: no clock, no network, no files but those catalogues and the font of pictures; only
`keyboard` knows the Telegram library. What comes from the corpus or from people is escaped
before it is put into HTML.
"""
