"""Runs external validators on finished editions, each in a process of its own without network access.

In: the path of an EPUB or PDF. Out: one finding for each problem in the validator's report, or one finding
that says that the validator is missing or did not finish.
"""
