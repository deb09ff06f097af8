"""Charts: a table's numbers → a drawing of lines, areas and words → an SVG picture.

``model`` says what a chart shows; ``bars``, ``lines`` and ``timeline`` place it in a frame of any
width, with numbers only; ``lettering`` measures words and gives their outlines; the editions write
the SVG (``editions/charts``).  The same drawing serves paper and screens: words are outlines of the
book's own faces, so that no reader's or printer's fonts come into it, and everything is a grey,
told apart by lightness and pattern, never by hue.
"""
