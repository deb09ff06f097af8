"""The live preview: the web edition and the printed pages side by side, as the manuscript stands.

``workshop`` makes, ``state`` is what there is at a time, and ``messages`` what a page that is open
has to be told between one state and the next.  Pages ask for what they show: documents are made
when they are asked for (``screen``), and so are pictures of printed pages (``album``).
``server`` answers them, and ``guard`` those that it had better not.

Three steps follow a saved file, each told as soon as it is done:

1. The book is read and checked; pages fetch their document again, and put what is new in it in
   its place.
2. The printed pages with the lines that changed are set and drawn alone (*glimpse*), with the
   folios of the pages that stand.
3. The whole book is typeset as a build does it, mostly from the store.

A book with errors stops at the first step: what was sound last stays, under the problems.
"""
