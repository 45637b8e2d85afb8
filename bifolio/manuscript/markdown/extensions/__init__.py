"""Third-party Python-Markdown extensions, run inside the CommonMark parser (docs/decisions/0008).

In: the names given with `--extension`. Out: inline and block rules in the parser, and the preprocessors and
postprocessors to run around it.
"""
