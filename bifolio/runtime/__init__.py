"""Holds what is not about books: cache, background processes, locks, files and fingerprints.

In: paths, keys, functions. Out: files written atomically, cached values, results of background work, and the
record of the files that a build has read.
"""
