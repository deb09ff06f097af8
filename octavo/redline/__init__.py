"""Redlines: what has changed in a book's text between two revisions, word by word.

    revisions ──read──▶ two sides ──match──▶ what belongs together ──merge──▶ one book with marks

The merged book goes through the same stages as any other: it is set, and written for the web.
"""
