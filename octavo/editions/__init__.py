"""The editions: Book + Pagination → files.  Every edition starts from the same untouched trees."""
