"""Loads Python-Markdown extensions by name."""

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

_COMMONMARK_BLOCKS = ("code", "hashheader", "setextheader", "hr", "olist", "ulist", "quote", "reference")
"""Python-Markdown's names for the blocks that only the CommonMark parser matches."""


@dataclass(frozen=True, slots=True)
class LoadedExtensions:
    """The preprocessors and postprocessors of extensions."""

    preprocessors: tuple[Preprocessor, ...] = ()
    postprocessors: tuple[Postprocessor, ...] = ()
    remarks: tuple[Remark, ...] = ()
    """What has no effect, or not its full effect."""

    def preprocess(self, lines: list[str]) -> list[str]:
        """Return *lines* after all preprocessors."""
        for preprocessor in self.preprocessors:
            lines = preprocessor.run(lines)
        return "\n".join(lines).split("\n")

    def postprocess(self, html: str) -> str:
        """Return *html*, with placeholders for inline raw HTML replaced, after all postprocessors."""
        for postprocessor in self.postprocessors:
            html = postprocessor.run(html)
        return html


def load_extensions(md: Markdown, names: Sequence[str]) -> LoadedExtensions:
    """Enable the extensions *names* in *md*, which has the dialect.

    A name is that of an entry point, or a dotted module or class path. Raises UsageError if one is not
    installed or cannot be enabled.
    """
    parser, inline_parser = md.parser, md.treeprocessors["inline"]
    assert isinstance(parser, CommonMarkBlockParser) and isinstance(inline_parser, CommonMarkInlineParser)
    registries = (md.preprocessors, md.inlinePatterns, md.postprocessors, parser.blockprocessors)
    own = {id(part) for registry in registries for part in registry}
    remarks: list[Remark] = []
    for name in dict.fromkeys(names):
        before = _partly_supported(md)
        _enable(md, name)
        remarks += [
            Remark("extension-part", 0, {"extension": name, "part": part})
            for part in dict.fromkeys(
                part for key, part in _partly_supported(md).items() if key not in before
            )
        ]

    def foreign(parts: Iterable[Any]) -> list[Any]:
        return [part for part in parts if id(part) not in own]

    ExtensionPatterns(inline_parser, foreign(md.inlinePatterns)).register()
    ExtensionBlocks(parser, foreign(parser.blockprocessors)).register()
    return LoadedExtensions(
        tuple(foreign(md.preprocessors)), tuple(foreign(md.postprocessors)), tuple(remarks)
    )


def _partly_supported(md: Markdown) -> dict[int, str]:
    """Return the parts of *md* that cannot work fully here: by id, their description."""
    blocks: Registry[Any] = md.parser.blockprocessors
    parts = {
        id(blocks[name]): "blocks that CommonMark has too" for name in _COMMONMARK_BLOCKS if name in blocks
    }
    return parts | {id(processor): "finished HTML" for processor in md.postprocessors}


def _enable(md: Markdown, name: str) -> None:
    installed = [entry.name for entry in get_installed_extensions()]
    try:
        md.registerExtensions([name], {})
    except ModuleNotFoundError as error:
        similar = get_close_matches(name, installed, n=1)
        hint = (
            f"Did you mean `{similar[0]}`?" if similar else "Check the name, or install it next to Bifolio."
        )
        raise UsageError(f"There is no Markdown extension `{name}`.", hint=hint) from error
    except Exception as error:  # third-party code may raise anything
        raise UsageError(f"The Markdown extension `{name}` cannot be enabled: {error}.") from error
