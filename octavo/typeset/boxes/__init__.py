"""Everything that knows WeasyPrint's boxes; imported in worker processes only.

``setting`` sets a section on one endless page, ``reading`` reads the galley from its boxes,
``makeup`` puts the boxes on pages where ``breaks`` has cut, ``drawing`` writes them down as PDF,
``furniture`` sets running heads and folios.  What WeasyPrint keeps private is used here, and only
here; tests in ``test_layout`` whose names end in ``_by_itself`` show what is worked around.
"""
