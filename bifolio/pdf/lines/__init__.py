"""Line breaking and justification: Knuth-Plass, character protrusion, font expansion, shaped words.

Takes the inline boxes of justified paragraphs as WeasyPrint lays them out and draws them. Gives a layer of
hooks that breaks their lines as planned for the whole paragraph, and marks at continued lines of code.
"""
