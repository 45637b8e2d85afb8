"""URL fetcher that opens only the images of the publication."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME = "bifolio"


def image_url(name: str) -> str:
    """Return the URL of the image *name*."""
    return f"{SCHEME}:picture/{name}"


class PublicationFetcher(URLFetcher):  # type: ignore[misc]
    """A fetcher for a fixed set of URLs that refuses all others."""

    def __init__(self, files: Mapping[str, tuple[str, bytes]]) -> None:
        super().__init__(allowed_protocols=(SCHEME,))
        self._files = files
        """By URL: the media type and the data."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return the file at *url*. Raises ValueError for an unknown URL."""
        if url not in self._files:
            raise ValueError("an edition opens no file of its own accord")
        media_type, data = self._files[url]
        return URLFetcherResponse(url, data, {"Content-Type": media_type})
