"""Holds plain data that all packages share; imports nothing of Bifolio.

In: nothing. Out: the publication and its editions, findings and their catalogue, errors, the words of each
language, paper sizes, destinations and the requirements of print vendors.
"""
