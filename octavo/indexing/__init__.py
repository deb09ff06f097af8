"""The index: marks and names in the text → headings with their places → locators.

``settings`` reads ``content/index.toml``; ``places`` finds what is marked in the trees; ``entries``
brings it under headings, in the order of ``sorting``; ``locators`` writes the places of a heading
with their folios, when those are known; ``checks`` says what an indexer would mind.  The rules are
those of Chicago 18, ch. 15.
"""
