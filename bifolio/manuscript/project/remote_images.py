"""Downloads images from the public web into a folder beside the source, within limits of size and time.

Requests to private networks are refused, also after redirects. A host is resolved once, all its addresses
are checked, and the connection goes to a checked address, so that a second DNS answer cannot redirect it.
The sockets are opened here because HTTP libraries have no limit on the time of a whole exchange.
"""

from __future__ import annotations

import http.client
import ipaddress
import os
import socket
import ssl
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Timer
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from bifolio.manuscript.transforms.images import FetchError

FOLDER = "pictures-fetched"
"""The folder for downloaded images, beside the source; files are named by the hash of their URL."""
MAX_BYTES = 20 * 1024 * 1024
MAX_IMAGES = 200
MAX_SECONDS_EACH = 30.0
MAX_SECONDS_ALL = 300.0
MAX_REDIRECTS = 5

_SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/svg+xml": ".svg",
}
"""The media types that are accepted, with the suffixes of their files."""
_HEADERS = {"User-Agent": "Bifolio", "Accept": ", ".join(_SUFFIXES), "Connection": "close"}
_REDIRECTS = (301, 302, 303, 307, 308)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_UNQUOTED = "/%:@!$&'()*+,;=~-._?"
"""Characters that a path or a query can contain without being percent-encoded again (RFC 3986, 3.3)."""


@dataclass(slots=True)
class ImageFetcher:
    """Downloads the images of one build."""

    root: Path
    """The real path of the folder of the source."""
    loopback: bool = False
    """Whether this computer may be asked, for tests only."""
    fetched: int = 0
    """The number of downloads so far."""
    seconds: float = 0.0
    """The time that they took."""
    failed: dict[str, str] = field(default_factory=dict)
    """The URLs that failed, and why; they are not tried again."""

    def fetch(self, url: str) -> str:
        """Return the path, relative to `root`, of the image at *url*, which is downloaded if it is missing.

        Raises FetchError if it is not an image, exceeds a limit, or is not on the public web.
        """
        url = urldefrag(f"https:{url}" if url.startswith("//") else url).url
        stem = sha256(url.encode()).hexdigest()[:32]
        for suffix in _SUFFIXES.values():
            if (self.root / FOLDER / f"{stem}{suffix}").is_file():
                return f"{FOLDER}/{stem}{suffix}"
        if url in self.failed:
            raise FetchError(self.failed[url])
        if self.fetched >= MAX_IMAGES or self.seconds >= MAX_SECONDS_ALL:
            raise FetchError(f"the limit of a build is {MAX_IMAGES} images and {MAX_SECONDS_ALL:g} s")
        self.fetched += 1
        start = time.monotonic()
        try:
            data, suffix = fetch_image(url, loopback=self.loopback)
            return _save(data, f"{stem}{suffix}", self.root)
        except FetchError as error:
            self.failed[url] = str(error)
            raise
        finally:
            self.seconds += time.monotonic() - start


def fetch_image(url: str, *, loopback: bool = False) -> tuple[bytes, str]:
    """Return the data of the image at *url* and the suffix for its file, following redirects.

    *loopback* allows requests to this computer. Raises FetchError.
    """
    deadline = time.monotonic() + MAX_SECONDS_EACH
    for _ in range(MAX_REDIRECTS + 1):
        try:
            response = _request(url, deadline, loopback=loopback)
        except TimeoutError:
            raise FetchError(f"it took longer than {MAX_SECONDS_EACH:g} s") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FetchError(_reason(error)) from error
        if not isinstance(response, str):
            return response
        url = urljoin(url, response)
    raise FetchError(f"it has more than {MAX_REDIRECTS} redirects")


def _request(url: str, deadline: float, *, loopback: bool) -> tuple[bytes, str] | str:
    """Return the image at *url* with its suffix, or the URL that it redirects to.

    *deadline* is a time of the monotonic clock. Raises FetchError, TimeoutError, and other exceptions of
    sockets and HTTP.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchError("its URL is not http or https")
    is_secure = parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    query = f"?{quote(parts.query, _UNQUOTED)}" if parts.query else ""
    target = quote(parts.path or "/", _UNQUOTED) + query
    with ExitStack() as stack:
        connected = _connect(parts.hostname, port, _seconds_until(deadline), loopback=loopback)
        wire = stack.enter_context(connected)
        if is_secure:
            context = ssl.create_default_context()
            wire = context.wrap_socket(wire, server_hostname=parts.hostname, do_handshake_on_connect=False)
            stack.enter_context(wire)
        # The timeout of a socket starts again with each byte, so only a timer limits the whole exchange.
        timer = Timer(_seconds_until(deadline), _shut_down, (wire,))
        timer.daemon = True
        timer.start()
        stack.callback(timer.cancel)
        try:
            if isinstance(wire, ssl.SSLSocket):
                wire.do_handshake()
            connection = http.client.HTTPConnection(parts.hostname, port)
            connection.sock = wire
            connection.request("GET", target, headers=_HEADERS)
            response = stack.enter_context(connection.getresponse())
            if response.status in _REDIRECTS:
                return str(response.headers.get("Location", ""))
            image = _read_image(response)
        except (OSError, http.client.HTTPException, ValueError, FetchError):
            if time.monotonic() > deadline:
                raise TimeoutError from None
            raise
    if time.monotonic() > deadline:  # the connection was shut down, so the data may be incomplete
        raise TimeoutError
    return image


def _seconds_until(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.1)


def _read_image(response: http.client.HTTPResponse) -> tuple[bytes, str]:
    """Return the image in *response* and its suffix. Raises FetchError."""
    if response.status != 200:
        raise FetchError(f"the server says {response.status} {response.reason}".rstrip())
    media_type = response.headers.get_content_type()
    if media_type not in _SUFFIXES:
        raise FetchError(f"{media_type} is not PNG, JPEG, GIF, WebP, AVIF or SVG")
    data = response.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise FetchError(f"it is larger than {MAX_BYTES // 2**20} MiB")
    return data, _SUFFIXES[media_type]


def _connect(host: str, port: int, seconds: float, *, loopback: bool) -> socket.socket:
    """Return a connection to *host* at an address that has been checked. Raises FetchError and OSError."""
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(info[4][0]) for info in infos]
    if not all(_is_public(address) or (loopback and _is_loopback(address)) for address in addresses):
        raise FetchError("its address is not on the public web")
    return socket.create_connection((addresses[0], port), timeout=seconds)


def _is_public(address: str) -> bool:
    """Return whether *address* is globally reachable, and not an IPv6 address that stands for an IPv4 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and (
        ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in _NAT64
    ):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def _shut_down(connection: socket.socket) -> None:
    """End *connection* while another thread reads from it."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _save(data: bytes, name: str, root: Path) -> str:
    """Write *data* to the file *name* in the folder for downloads; return its path relative to *root*."""
    folder = root / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        if folder.resolve() != folder:
            raise FetchError(f"the folder `{FOLDER}` is a link")
        handle, part = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(part).chmod(0o644)
        Path(part).replace(folder / name)
    except OSError as error:
        raise FetchError(f"it cannot be saved: {_reason(error)}") from error
    return f"{FOLDER}/{name}"


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).strip().rstrip(".")
