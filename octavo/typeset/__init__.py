"""Sections' HTML → pages: laid out one by one in worker processes, settled, joined to one PDF."""
