"""The Markdown dialect: CommonMark with the extensions of docs/source.md.

In: the text of one source file, and the line of the file on which it begins. Out: one element tree in which
every block carries its source line, and remarks. Nothing here is sanitised: `bifolio.manuscript.html` does
that.
"""
