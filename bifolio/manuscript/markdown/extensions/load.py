"""Extensions found by name and switched on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from markdown import Markdown
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.util import Registry, get_installed_extensions

from bifolio.manuscript.markdown.dialect.blocks import CommonMarkBlockParser
from bifolio.manuscript.markdown.dialect.construct import Remark
from bifolio.manuscript.markdown.dialect.inline import CommonMarkInlineParser
from bifolio.manuscript.markdown.extensions.blocks import ExtensionBlocks
from bifolio.manuscript.markdown.extensions.patterns import ExtensionPatterns
from bifolio.model.errors import UsageError

_COMMONMARK = ("code", "hashheader", "setextheader", "hr", "olist", "ulist", "quote", "reference")
"""Python-Markdown's names for the blocks that CommonMark alone finds here."""


@dataclass(frozen=True, slots=True)
class LoadedExtensions:
    """What extensions have registered, as far as it is called before and after the parsing."""

    preprocessors: tuple[Preprocessor, ...] = ()
    postprocessors: tuple[Postprocessor, ...] = ()
    remarks: tuple[Remark, ...] = ()
    """What of them has no effect, or not its whole effect."""

    def prepare(self, lines: list[str]) -> list[str]:
        """Return *lines* as the preprocessors leave them."""
        for preprocessor in self.preprocessors:
            lines = preprocessor.run(lines)
        return "\n".join(lines).split("\n")

    def finish(self, html: str) -> str:
        """Return *html*, in which something was put aside, as the postprocessors leave it."""
        for postprocessor in self.postprocessors:
            html = postprocessor.run(html)
        return html


def load_extensions(md: Markdown, names: Sequence[str]) -> LoadedExtensions:
    """Switch the extensions *names* on in *md*, which reads our dialect already.

    A name is that of an entry point, or of a module or class with dots. Raises UsageError for one that is not
    to be had.
    """
    parser, inlines = md.parser, md.treeprocessors["inline"]
    assert isinstance(parser, CommonMarkBlockParser) and isinstance(inlines, CommonMarkInlineParser)
    registries = (md.preprocessors, md.inlinePatterns, md.postprocessors, parser.blockprocessors)
    native = {id(part) for registry in registries for part in registry}
    remarks: list[Remark] = []
    for name in dict.fromkeys(names):
        before = _partly_used(md)
        _switch_on(md, name)
        remarks += [
            Remark("extension-part", 0, {"extension": name, "part": part})
            for part in dict.fromkeys(part for key, part in _partly_used(md).items() if key not in before)
        ]

    def foreign(parts: Iterable[Any]) -> list[Any]:
        return [part for part in parts if id(part) not in native]

    ExtensionPatterns(inlines, foreign(md.inlinePatterns)).register()
    ExtensionBlocks(parser, foreign(parser.blockprocessors)).register()
    return LoadedExtensions(
        tuple(foreign(md.preprocessors)), tuple(foreign(md.postprocessors)), tuple(remarks)
    )


def _partly_used(md: Markdown) -> dict[int, str]:
    """Return what in *md* cannot work here as its author meant it, and how that is called."""
    blocks: Registry[Any] = md.parser.blockprocessors
    parts = {id(blocks[name]): "blocks that CommonMark has too" for name in _COMMONMARK if name in blocks}
    return parts | {id(processor): "finished HTML" for processor in md.postprocessors}


def _switch_on(md: Markdown, name: str) -> None:
    installed = [entry.name for entry in get_installed_extensions()]
    try:
        md.registerExtensions([name], {})
    except ModuleNotFoundError as error:
        meant = get_close_matches(name, installed, n=1)
        hint = f"Did you mean `{meant[0]}`?" if meant else "Install it beside Bifolio, or check the name."
        raise UsageError(f"There is no Markdown extension `{name}`.", hint=hint) from error
    except Exception as error:  # it is the work of others, and may fail in any way
        raise UsageError(f"The Markdown extension `{name}` cannot be switched on: {error}.") from error
