"""Makes the files that a print-on-demand vendor takes: the interior and the wraparound cover.

In: a publication, its stylesheet and the rules of a vendor. Out: PDFs with bleed, in the inks of the press.
"""
