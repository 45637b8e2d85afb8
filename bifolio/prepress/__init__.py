"""A Publication to the files that a print-on-demand vendor takes: the interior and the wraparound cover.

In: a Publication, its stylesheet and the rules of a vendor. Out: PDFs with bleed boxes, in
press inks.
"""
