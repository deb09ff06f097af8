"""What an editor's programs are given: schemas, tasks, snippets; and what is told of a book's size.

``schemas`` derives JSON schemas from the declarations of the settings; ``equipping`` lays them and
the files of ``files/`` into a book's folder; ``counting`` counts a book's words, ``stats`` shows
them.
"""
