"""Citations and bibliographies, formatted by a CSL style (docs/decisions/0010).

In: the element tree of a text, with the citations that the parser found, and its bibliography (BibTeX,
CSL-JSON or CSL-YAML). Out: the same tree, with formatted citations, links and the list of cited works; and
findings.
"""
