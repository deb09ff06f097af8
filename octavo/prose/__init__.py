"""The book's words as they are written, without markup, each character with its place.

The trees that the stages work on know lines, not columns, and typography has changed their signs.
Checks of words therefore read the sources once more, as ``Passage``s: ``blocks`` finds the pieces
of a file that run on, ``inline`` takes the markup out of them, ``book`` does so for every file that
has words in it.
"""
