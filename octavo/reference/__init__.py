"""The book and its sections as works that others cite: their references, in styles and formats.

``names`` divides contributors' names, ``works`` makes the references, ``forms`` has citeproc format
them with places left for page and address, ``metadata`` describes them to machines.
"""
