"""What the layout may open: the publication's own pictures, by name, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME = "bifolio"


def image_url(name: str) -> str:
    """Return the URL of the picture called *name*."""
    return f"{SCHEME}:picture/{name}"


class PublicationFetcher(URLFetcher):  # type: ignore[misc]
    """A fetcher that knows a fixed set of URLs and refuses every other."""

    def __init__(self, files: Mapping[str, tuple[str, bytes]]) -> None:
        super().__init__(allowed_protocols=(SCHEME,))
        self._files = files
        """By URL: the media type and the data."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return the file at *url*; raise ValueError for all that is not on the shelf."""
        if url not in self._files:
            raise ValueError("an edition opens no file of its own accord")
        media_type, data = self._files[url]
        return URLFetcherResponse(url, data, {"Content-Type": media_type})
