"""What no stage needs but a publisher minds.  A check is a function: the draft → problems."""
