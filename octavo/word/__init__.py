"""Word there and back: the manuscript as DOCX, and what was changed in it as CriticMarkup.

``source`` divides a chapter's Markdown into leaves and signs, each with its place in the file, so
that nothing of the file is lost; ``writing`` makes a DOCX of them, with the files' texts inside
it; ``reading`` reads any DOCX; ``returning`` compares what came back with what was sent, and gives
edits of the files; ``foreign`` makes a chapter of a DOCX that was never sent.

pandoc, which could read and write DOCX, moves the spaces out of insertions and deletions, so that
a rejected change leaves two of them or none, and knows neither content controls nor languages.
"""
