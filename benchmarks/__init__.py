"""Measures Octavo against its bars, and beside other ways of making the same book.

``python3 build.py bench`` runs it; ``python3 build.py bench --help`` says what can be chosen.
"""
