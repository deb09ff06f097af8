"""Octavo: a manuscript in, the editions of a book out (print PDF, web, EPUB)."""

__version__ = "0.1.0"
