"""Styles that are alike in all but their anchor, worked out once.

Each element with an `id` has a style of its own, for its anchor stands in the style; and so has all below.
Such a style takes from the first that is alike in everything else. Each page has styles of its own, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from weasyprint.css import ComputedStyle

_SAID = ("position", "float", "display")
"""The properties of which a style keeps what was specified, too."""


class _Twin(ComputedStyle):  # type: ignore[misc]
    """A style that is as its *model* in all but the anchor."""

    model: Any

    @classmethod
    def of(cls, model: Any, own: Any) -> _Twin:
        """Return the twin of *model* in the place of *own*."""
        twin = cls(
            own.parent_style, own.cascaded, own.pseudo_type, own.root_style, own.base_url, own.font_config,
            own.initial_page_sizes,
        )  # fmt: skip
        twin.model = model
        twin["anchor"] = own["anchor"]
        return twin

    @property
    def anonymous_style(self) -> Any:
        return self.model.anonymous_style

    def __missing__(self, key: str) -> Any:
        value = self[key] = self.model[key]
        if key in _SAID:
            self.specified |= self.model.specified
        return value


def sharing(compute: Callable[..., None]) -> Callable[..., None]:
    """Return *compute*, which makes the style of an element, so that styles that are alike share work."""

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
        models = self.__dict__.setdefault("models", {})
        model = models.setdefault(key, own)
        if model is not own:
            # A page has no anchor; what is set up for one is good for all that are alike.
            styles[element, pseudo_type] = model if is_page else _Twin.of(model, own)

    return shared


def model_of(style: Any) -> Any:
    """Return the style that *style* is as in all but the anchor: itself where there is none before it."""
    return getattr(style, "model", style)
