"""Preflight: checks finished PDF files against the rules of a print vendor.

In: the paths of the pages of a book, of its cover, or of both, and a `Vendor`. Out: findings.
"""
