"""Shares computed styles that differ in nothing but their anchor.

Each element with an `id` has a style of its own, since its anchor is part of the style; so have all elements
below it. Such a style takes its values from the first one that is equal in everything else. The styles of
pages are shared as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from weasyprint.css import ComputedStyle

from bifolio.pdf.engine.facts import style_finder_facts

_SPECIFIED = ("position", "float", "display")
"""The properties of which a style keeps the specified value, too."""


class _SharedStyle(ComputedStyle):  # type: ignore[misc]
    """A style that equals its *model* in everything but the anchor."""

    model: Any

    @classmethod
    def of(cls, model: Any, own: Any) -> _SharedStyle:
        """Return the style that replaces *own* and equals *model*."""
        shared = cls(
            own.parent_style, own.cascaded, own.pseudo_type, own.root_style, own.base_url, own.font_config,
            own.initial_page_sizes,
        )  # fmt: skip
        shared.model = model
        shared["anchor"] = own["anchor"]
        return shared

    @property
    def anonymous_style(self) -> Any:
        return self.model.anonymous_style

    def __missing__(self, key: str) -> Any:
        value = self[key] = self.model[key]
        if key in _SPECIFIED:
            self.specified |= self.model.specified
        return value


def share_styles(compute: Callable[..., None]) -> Callable[..., None]:
    """Return `StyleFor.set_computed_styles`, *compute*, that lets equal styles share their values."""

    def shared(
        self: Any,
        element: Any,
        parent: Any,
        root: Any = None,
        pseudo_type: Any = None,
        base_url: Any = None,
        target_collector: Any = None,
    ) -> None:
        compute(self, element, parent, root, pseudo_type, base_url, target_collector)
        if parent is None:
            return
        styles = self.get_computed_styles()
        own = styles[element, pseudo_type]
        above = getattr(own.parent_style, "model", own.parent_style)
        is_page = not isinstance(element, Element)
        key = (id(above), pseudo_type, base_url, *(
            (name, id(value), repr(weight) if is_page else weight)
            for name, (value, weight) in own.cascaded.items()
            if name != "anchor"
        ))  # fmt: skip
        model = style_finder_facts(self).models.setdefault(key, own)
        if model is not own:
            # A page has no anchor, so that equal pages can have the very same style.
            styles[element, pseudo_type] = model if is_page else _SharedStyle.of(model, own)

    return shared


def model_of(style: Any) -> Any:
    """Return the first style that *style* equals in everything but the anchor."""
    return getattr(style, "model", style)
