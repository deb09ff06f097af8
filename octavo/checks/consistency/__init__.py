"""What a book writes in two ways: names with and without marks, words, dates, capitals.

Each module here has one check, ``in_two_ways``.  It gathers *uses*, what is written and in which
*way*, and reports those in the way that is rarer (``uses``).  Quotations, which keep their own, and
words in another language are left alone; so is whatever may well be meant: the checks say little,
so that what they say is read.
"""
