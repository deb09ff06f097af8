"""What no stage needs but a publisher minds.

A check is a function: the draft → problems; or, for words, passages → findings (see ``words``).
``judging`` says how bad each problem is in this book.
"""
