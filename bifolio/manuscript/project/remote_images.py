"""Pictures on the web, fetched once into a folder beside the source; only where the author asks for it."""

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
"""The folder beside the source that holds what was fetched, each file named by the hash of its address."""
MAX_BYTES = 20 * 1024 * 1024
MAX_IMAGES = 200
MAX_SECONDS_EACH = 30.0
MAX_SECONDS_ALL = 300.0
MAX_REDIRECTS = 5

_ENDINGS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/svg+xml": ".svg",
}
_HEADERS = {"User-Agent": "Bifolio", "Accept": ", ".join(_ENDINGS), "Connection": "close"}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SAFE = "/%:@!$&'()*+,;=~-._?"


@dataclass(slots=True)
class ImageFetcher:
    """The fetching of one build, held to its limits."""

    root: Path
    """The real path of the folder of the source."""
    loopback: bool = False
    """This machine itself may be asked; for tests alone."""
    fetched: int = 0
    seconds: float = 0.0
    failed: dict[str, str] = field(default_factory=dict)
    """What could not be had, and why: no address is asked twice."""

    def fetch(self, address: str) -> str:
        """Return the name of the picture at *address*, from `root`, fetching it where it is not there.

        Raises FetchError where it is no picture, too large or too slow, or not on the public web.
        """
        address = urldefrag(f"https:{address}" if address.startswith("//") else address).url
        stem = sha256(address.encode()).hexdigest()[:32]
        for ending in _ENDINGS.values():
            if (self.root / FOLDER / f"{stem}{ending}").is_file():
                return f"{FOLDER}/{stem}{ending}"
        if address in self.failed:
            raise FetchError(self.failed[address])
        if self.fetched >= MAX_IMAGES or self.seconds >= MAX_SECONDS_ALL:
            raise FetchError(f"a build fetches {MAX_IMAGES} pictures and takes {MAX_SECONDS_ALL:g} s at most")
        self.fetched += 1
        begun = time.monotonic()
        try:
            data, ending = fetch_image(address, loopback=self.loopback)
            return _keep(data, f"{stem}{ending}", self.root)
        except FetchError as error:
            self.failed[address] = str(error)
            raise
        finally:
            self.seconds += time.monotonic() - begun


def fetch_image(address: str, *, loopback: bool = False) -> tuple[bytes, str]:
    """Return the picture at *address* and the ending of its file's name.

    *loopback* lets this machine itself be asked. Raises FetchError.
    """
    until = time.monotonic() + MAX_SECONDS_EACH
    for _ in range(MAX_REDIRECTS + 1):
        try:
            answer = _ask(address, until, loopback=loopback)
        except TimeoutError:
            raise FetchError(f"it took longer than {MAX_SECONDS_EACH:g} s") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FetchError(_reason(error)) from error
        if not isinstance(answer, str):
            return answer
        address = urljoin(address, answer)
    raise FetchError("it leads from one address to the next, and to no end")


def _ask(address: str, until: float, *, loopback: bool) -> tuple[bytes, str] | str:
    """Return the picture at *address* with its ending, or the address that it refers to."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchError("its address is not one of the web")
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    seconds = max(until - time.monotonic(), 0.1)
    target = quote(parts.path or "/", _SAFE) + (f"?{quote(parts.query, _SAFE)}" if parts.query else "")
    plain = _connect(parts.hostname, port, seconds, loopback=loopback)
    with ExitStack() as waste:
        wire = waste.enter_context(plain)
        if secure:
            context = ssl.create_default_context()
            wire = waste.enter_context(context.wrap_socket(plain, server_hostname=parts.hostname))
        # A server that sends a byte now and then would never time out.
        watch = Timer(max(until - time.monotonic(), 0.1), _cut, (wire,))
        watch.daemon = True
        watch.start()
        waste.callback(watch.cancel)
        connection = http.client.HTTPConnection(parts.hostname, port)
        connection.sock = wire
        try:
            connection.request("GET", target, headers=_HEADERS)
            answer = waste.enter_context(connection.getresponse())
            if answer.status in (301, 302, 303, 307, 308):
                return str(answer.headers.get("Location", ""))
            picture = _take(answer)
        except (OSError, http.client.HTTPException, ValueError):
            if time.monotonic() > until:
                raise TimeoutError from None
            raise
    if time.monotonic() > until:
        raise TimeoutError
    return picture


def _take(answer: http.client.HTTPResponse) -> tuple[bytes, str]:
    """Return the picture in *answer* and the ending for it."""
    if answer.status != 200:
        raise FetchError(f"the server says {answer.status} {answer.reason}".rstrip())
    kind = answer.headers.get_content_type()
    if kind not in _ENDINGS:
        raise FetchError(f"{kind} is not PNG, JPEG, GIF, WebP, AVIF or SVG")
    data = answer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise FetchError(f"it is larger than {MAX_BYTES // 2**20} MiB")
    return data, _ENDINGS[kind]


def _connect(host: str, port: int, seconds: float, *, loopback: bool) -> socket.socket:
    """Return a connection to *host*, to an address that was looked at before it was asked."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(place[4][0]) for place in found]
    if not all(_public(address) or (loopback and _loopback(address)) for address in addresses):
        raise FetchError("its address is not on the public web")
    return socket.create_connection((addresses[0], port), timeout=seconds)


def _public(address: str) -> bool:
    """Return whether anyone may ask *address*: no private net, no other net behind an address of IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and (
        ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in _NAT64
    ):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def _cut(connection: socket.socket) -> None:
    """End *connection* while another thread reads from it."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _keep(data: bytes, name: str, root: Path) -> str:
    """Put *data* into the folder of what was fetched; return the name of its file from *root*."""
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
        raise FetchError(f"it cannot be kept: {_reason(error)}") from error
    return f"{FOLDER}/{name}"


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).strip().rstrip(".")
