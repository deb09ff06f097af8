"""WeasyPrint as anybody calls it: ``python -m benchmarks.weasyprint_alone HTML PDF [VARIANT]``.

With a variant (``pdf/ua-1``) the PDF has tags.
"""

import sys

import weasyprint


def main(source: str, target: str, variant: str | None = None) -> None:
    """Set the document at ``source`` into the PDF ``target``."""
    weasyprint.HTML(filename=source).write_pdf(target, pdf_variant=variant)


if __name__ == "__main__":
    main(*sys.argv[1:])
