"""The table of patches: every name of WeasyPrint and its libraries that a layer of hooks replaces.

To adopt a new version of WeasyPrint, go through this table row by row: the tests compare the parameters and
the source of each name with those that the hooks were written for.
"""

from __future__ import annotations

import builtins
import inspect
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import Any

from bifolio.model.errors import EngineMismatch

LAYERS = (
    "lazy_selectors",
    "png_passthrough",
    "memoization",
    "justification",
    "column_widths",
    "repeated_headers",
    "row_breaks",
    "footnotes",
    "floats",
    "landscape",
    "page_context",
    "vertical_justification",
    "assembly",
    "fast_serialization",
)
"""The layers, from the innermost, which calls WeasyPrint, to the outermost, which WeasyPrint calls."""
VERSIONS = {"weasyprint": "70.0", "pydyf": "0.13.0", "cssselect2": "0.10.1", "pyphen": "0.18.1"}
"""The versions that the table is for; pyproject.toml pins them."""
_NAMES = {"weasyprint": "WeasyPrint"}


@dataclass(frozen=True, slots=True)
class Patch:
    """A name that is replaced while layers are applied."""

    owner: str
    """The module that holds the name, or `module:Class`."""
    name: str
    parameters: str
    """Their names, in order; of a class, those of its constructor."""
    layers: str
    """The layers that hook it, from the innermost to the outermost."""
    digest: str
    """The first 12 hexadecimal digits of the SHA-256 of its source."""
    result: int = 0
    """The length of the tuple that it returns; 0 where hooks do not depend on it."""
    everywhere: bool = False
    """Whether the name is patched in every module of WeasyPrint that has imported it."""
    source: str = ""
    """The `module:Class` whose source is digested where the name itself has no source."""

    @property
    def key(self) -> str:
        """Return the full name, the key of hooks in a layer."""
        return f"{self.owner}.{self.name}"

    @property
    def library(self) -> str:
        """Return the name of its distribution."""
        return self.owner.partition(".")[0].partition(":")[0]

    def holder(self) -> Any:
        """Return the module or the class that holds the name."""
        return _resolve(self.owner)

    def original(self) -> Any:
        """Return the current function, class or property. Raises EngineMismatch where there is none."""
        try:
            holder = self.holder()
        except (ImportError, AttributeError) as error:
            raise self.mismatch(f"`{self.owner}` is gone") from error
        value = vars(holder).get(self.name, getattr(builtins, self.name, None))
        if value is None:
            raise self.mismatch(f"`{self.key}` is gone")
        return value

    def verify(self) -> None:
        """Raise EngineMismatch where the name is gone or takes other parameters."""
        found = " ".join(inspect.signature(_function(self.original())).parameters)
        if found != self.parameters:
            raise self.mismatch(f"`{self.key}` takes ({found}), not ({self.parameters})")

    def source_digest(self) -> str:
        """Return the digest of the installed source, to compare with `digest`."""
        function = _resolve(self.source) if self.source else _function(self.original())
        try:
            source = inspect.getsource(function)
        except (OSError, TypeError):
            source = self.parameters  # a named tuple is made by a call
        return sha256(source.encode()).hexdigest()[:12]

    def mismatch(self, difference: str) -> EngineMismatch:
        """Return the error that names the library, its version and the *difference*."""
        name = _NAMES.get(self.library, self.library)
        return EngineMismatch(name, VERSIONS[self.library], installed_version(self.library), difference)


def installed_version(library: str) -> str:
    """Return the version of *library* that is installed; "(not installed)" where there is none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(library)
    except PackageNotFoundError:
        return "(not installed)"


def _resolve(path: str) -> Any:
    module, _, name = path.partition(":")
    holder = import_module(module)
    return getattr(holder, name) if name else holder


def _function(value: Any) -> Any:
    """Return the function in *value*, which may be a property or a static method."""
    if isinstance(value, property):
        return value.fget
    return value.__func__ if isinstance(value, staticmethod) else value


# fmt: off
PATCHES = (
    Patch(
        "weasyprint.layout.block", "_in_flow_layout",
        "context box index child new_children page_is_empty absolute_boxes fixed_boxes "
        "adjoining_margins bottom_space position_y skip_stack first_letter_style first_line_style "
        "discard next_page max_lines",
        layers="repeated_headers footnotes floats", digest="c2537262836d", result=8,
    ),
    Patch(
        "weasyprint.layout.block", "_linebox_layout",
        "context box index child new_children page_is_empty absolute_boxes fixed_boxes "
        "adjoining_margins bottom_space position_y skip_stack first_letter_style first_line_style "
        "draw_bottom_decoration max_lines",
        layers="justification footnotes", digest="e07bbe000974", result=6,
    ),
    Patch(
        "weasyprint.layout.block", "table_layout",
        "context table bottom_space skip_stack containing_block page_is_empty absolute_boxes "
        "fixed_boxes",
        layers="repeated_headers row_breaks", digest="6594fa40743f", result=5,
    ),
    Patch(
        "weasyprint.layout.inline", "get_next_linebox",
        "context linebox position_y bottom_space skip_stack containing_block absolute_boxes "
        "fixed_boxes first_letter_style first_line_style",
        layers="justification", digest="67af458c2545", result=2,
    ),
    Patch(
        "weasyprint.layout.inline", "split_inline_box",
        "context box position_x max_x bottom_space skip_stack containing_block absolute_boxes "
        "fixed_boxes line_placeholders waiting_floats line_children first_letter_style "
        "first_line_style",
        layers="justification", digest="3a0cb7ca7e34", result=6,
    ),
    Patch(
        "weasyprint.layout.inline", "split_text_box",
        "context box available_width skip is_line_start",
        layers="justification", digest="8c564329599e", result=3,
    ),
    Patch(
        "weasyprint.layout.inline", "text_align",
        "context line available_width last",
        layers="justification", digest="e953d41b87cc",
    ),
    Patch(
        "weasyprint.layout.table", "auto_table_layout",
        "context box containing_block",
        layers="column_widths", digest="8ce6f1e31a00",
    ),
    Patch(
        "weasyprint.layout", "make_all_pages",
        "context root_box html pages",
        layers="footnotes", digest="b5e403489484",
    ),
    Patch(
        "weasyprint.layout", "make_margin_boxes",
        "context page state",
        layers="page_context vertical_justification", digest="4a2d2e301eb3",
    ),
    Patch(
        "weasyprint.layout.page", "make_page",
        "context root_box page_type resume_at page_number page_state",
        layers="footnotes landscape vertical_justification", digest="656f183328e8", result=3,
    ),
    Patch(
        "weasyprint.layout.page", "block_level_layout",
        "context box bottom_space skip_stack containing_block page_is_empty absolute_boxes "
        "fixed_boxes adjoining_margins first_letter_style first_line_style discard max_lines",
        layers="footnotes", digest="c1301dde9284", result=6,
    ),
    Patch(
        "weasyprint.layout.page", "page_height",
        "box context containing_block_height",
        layers="vertical_justification", digest="71a0230377c0",
    ),
    Patch(
        "weasyprint.layout.page", "PageType",
        "side blank name index groups",
        layers="page_context", digest="45a3c9c0804a",
    ),
    Patch(
        "weasyprint.layout:LayoutContext", "_update_footnote_area",
        "self",
        layers="footnotes", digest="2e317e4b066f",
    ),
    Patch(
        "weasyprint.layout:LayoutContext", "layout_footnote",
        "self footnote",
        layers="footnotes", digest="5075f64aaae4",
    ),
    Patch(
        "weasyprint.layout:LayoutContext", "unlayout_footnote",
        "self footnote",
        layers="footnotes", digest="c7c223cf4a0f",
    ),
    Patch(
        "weasyprint.layout:LayoutContext", "overflows_page",
        "self bottom_space position_y",
        layers="footnotes", digest="d18699b7ce2e",
    ),
    Patch(
        "weasyprint.draw.text", "draw_first_line",
        "stream textbox text_overflow block_ellipsis matrix",
        layers="justification", digest="1bb8eae6d88e",
    ),
    Patch(
        "weasyprint.text.line_break:Layout", "setup",
        "self style",
        layers="memoization", digest="fb227a55094f",
    ),
    Patch(
        "weasyprint.text.line_break", "strut",
        "style",
        layers="memoization", digest="b57885b70dd0", everywhere=True,
    ),
    Patch(
        "weasyprint.formatting_structure.boxes:Box", "is_in_normal_flow",
        "self",
        layers="memoization", digest="5f49d6ab23da",
    ),
    Patch(
        "weasyprint.layout.percent", "resolve_percentages",
        "box containing_block",
        layers="memoization", digest="71673078096f", everywhere=True,
    ),
    Patch(
        "weasyprint.layout.float", "avoid_collisions",
        "context box containing_block outer",
        layers="memoization", digest="5fc7793c573a", everywhere=True,
    ),
    Patch(
        "weasyprint.layout.background", "layout_box_backgrounds",
        "page box get_image_from_uri layout_children style",
        layers="memoization", digest="617a870678c8", everywhere=True,
    ),
    Patch(
        "weasyprint.matrix:Matrix", "__matmul__",
        "self other",
        layers="memoization fast_serialization", digest="b6d133844b5d",
    ),
    Patch(
        "weasyprint.matrix:Matrix", "transform_point",
        "self x y",
        layers="fast_serialization", digest="035c0eb80aef",
    ),
    Patch(
        "weasyprint.images:RasterImage", "_get_png_data",
        "pillow_image",
        layers="png_passthrough", digest="da00cfefb979",
    ),
    Patch(
        "weasyprint.pdf", "Stream",
        "fonts page_rectangle resources images tags color_profiles output_intent args kwargs",
        layers="assembly", digest="624257224db6",
    ),
    Patch(
        "weasyprint.pdf", "add_tags",
        "pdf document pdf_version page_streams",
        layers="assembly", digest="f0e74575b0ba",
    ),
    Patch(
        "pydyf:PDF", "page_references",
        "self",
        layers="fast_serialization", digest="060bf90aad55",
    ),
    Patch(
        "pydyf:PDF", "write",
        "self output version identifier compress",
        layers="fast_serialization", digest="242cd38f92ec",
    ),
    Patch(
        "pydyf:Dictionary", "data",
        "self",
        layers="fast_serialization", digest="1a6ebf2b6bc6",
    ),
    Patch(
        "pydyf:Array", "data",
        "self",
        layers="fast_serialization", digest="136a84494ae7",
    ),
    Patch(
        "pydyf:String", "data",
        "self",
        layers="fast_serialization", digest="6097c307ae6f",
    ),
    Patch(
        "pyphen", "HyphDict",
        "path",
        layers="memoization", digest="57e31328eef1",
    ),
    Patch(
        "cssselect2.compiler", "eval",
        "source globals locals",
        layers="lazy_selectors", digest="384272fc93d6", source="cssselect2.compiler:CompiledSelector",
    ),
)
# fmt: on
