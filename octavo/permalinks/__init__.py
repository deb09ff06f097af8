"""Permalinks: ids of passages that are made of their words, and that survive revision.

``words`` turns a passage's words into an id and a fingerprint, ``passages`` finds the passages of
a book, ``ledger`` reads and writes the file of those that have been published, ``matching`` tells
which passage of today each of those has become, ``carrying`` where, then, every old link leads.
"""
