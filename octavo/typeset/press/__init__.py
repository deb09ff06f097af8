"""The press PDF: boxes and marks (``pdf``), colours as inks, what a printer checks first."""
