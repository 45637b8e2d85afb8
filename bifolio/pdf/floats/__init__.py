"""Float placement: figures and tables that do not fit on their page.

Takes the children of a text as WeasyPrint lays them out, and the style of figures. Gives a layer of hooks
that shrinks their images or defers them to the top of the next page, after running text that fills this one.
"""
