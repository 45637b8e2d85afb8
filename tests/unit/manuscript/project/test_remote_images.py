"""Downloads of remote images, from a local server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

import pytest
from PIL import Image

from bifolio import read
from bifolio.manuscript.project import remote_images
from bifolio.manuscript.project.remote_images import FOLDER, ImageFetcher, fetch_image
from bifolio.manuscript.project.source_file import read_file
from bifolio.manuscript.transforms.images import FetchError, ImageStore, load_images

Write = Callable[..., Path]
FRONT = "---\ntitle: T\nlanguage: en\n---\n"


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (2, 3), "red").save(out, "PNG")
    return out.getvalue()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    requested: list[str]
    finished: threading.Event

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.requested.append(self.path)
        name = self.path.partition("?")[0]
        if name == "/slow.png":
            self.send_headers("image/png")
            self.wfile.write(b"x")
            self.wfile.flush()
            self.server.finished.wait()  # the rest is never sent
        elif name in ("/round", "/away"):
            self.send_response(302)
            target = "/round" if name == "/round" else "http://10.0.0.1/x.png"
            self.send_header("Location", target)
            self.end_headers()
        elif name == "/moved":
            self.send_response(301)
            self.send_header("Location", "a.png")
            self.end_headers()
        elif name == "/gone.png":
            self.send_error(404)
        else:
            self.send_headers("text/html" if name == "/page" else "image/png")
            self.wfile.write(b"x" * 5000 if name == "/large.png" else png())

    def send_headers(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            return  # the client has disconnected

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as running:
        running.requested, running.finished = [], threading.Event()
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.finished.set()
        running.shutdown()
        thread.join()


def test_an_image_is_downloaded_once_and_read_like_any_other(server: Server, write: Write) -> None:
    path = write("Text")
    source = read_file(path, path.parent)
    root = Element("div")
    for name in ("a.png", "a.png#top", "moved?x=1", "gone.png"):
        SubElement(root, "img", {"src": f"{server.url}/{name}", "alt": "words"})
    fetch = ImageFetcher(source.root, loopback=True).fetch
    store = ImageStore()
    load_images(root, source, store, fetch)
    assert server.requested == ["/a.png", "/moved?x=1", "/a.png", "/gone.png"]
    assert [(p.width, p.height, p.data) for p in store.by_path.values()] == [(2, 3, png())] * 2
    assert [str(f).partition(": ")[2] for f in store.findings] == [
        f"error picture-unfetched: The image `{server.url}/gone.png` could not be downloaded: the "
        "server says 404 Not Found; its alternative text is shown instead. Check the URL, or save the image "
        "in the folder of the source."
    ]
    assert len(list((source.root / FOLDER).iterdir())) == 2
    again = ImageFetcher(source.root, loopback=True)
    again.fetch(f"{server.url}/a.png")
    assert (len(server.requested), again.fetched) == (4, 0)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("large.png", "it is larger than 0 MiB"),
        ("page", "text/html is not PNG, JPEG, GIF, WebP, AVIF or SVG"),
        ("round", "it has more than 5 redirects"),
        ("away", "its address is not on the public web"),
        ("slow.png", "it took longer than 0.5 s"),
    ],
)
def test_a_download_that_is_no_image_or_exceeds_a_limit_fails(
    server: Server, monkeypatch: pytest.MonkeyPatch, name: str, why: str
) -> None:
    monkeypatch.setattr(remote_images, "MAX_BYTES", 4000)
    monkeypatch.setattr(remote_images, "MAX_SECONDS_EACH", 0.5)
    with pytest.raises(FetchError) as caught:
        fetch_image(f"{server.url}/{name}", loopback=True)
    assert str(caught.value) == why


@pytest.mark.parametrize(
    ("scheme", "start"), [("http", b"HTTP/1.1 200 OK\r\n"), ("https", b""), ("https", b"\x16")]
)
def test_a_server_that_sends_a_byte_now_and_then_reaches_the_time_limit(
    monkeypatch: pytest.MonkeyPatch, scheme: str, start: bytes
) -> None:
    monkeypatch.setattr(remote_images, "MAX_SECONDS_EACH", 0.5)
    finished = threading.Event()

    def trickle(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.sendall(start)
            while not finished.wait(0.1):
                connection.sendall(b"\x03" if start else b"")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=trickle, args=(listener,))
        thread.start()
        url = f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/x.png"
        with pytest.raises(FetchError) as caught:
            fetch_image(url, loopback=True)
        finished.set()
        thread.join()
    assert str(caught.value) == "it took longer than 0.5 s"


def test_no_more_images_than_the_limit_are_downloaded(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(remote_images, "MAX_IMAGES", 1)
    fetcher = ImageFetcher(tmp_path.resolve(), loopback=True)
    fetcher.fetch(f"{server.url}/a.png")
    with pytest.raises(FetchError, match="the limit of a build is 1 images"):
        fetcher.fetch(f"{server.url}/b.png")
    assert server.requested == ["/a.png"]


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0", "[::1]", "[::ffff:10.0.0.1]",
     "[fe80::1]", "[64:ff9b::a00:1]", "[2002:a00:1::]", "100.64.0.1", "224.0.0.1", "localhost", "2130706433"],
)  # fmt: skip
def test_private_addresses_are_never_contacted(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    def fail(*_: object, **__: object) -> socket.socket:
        pytest.fail("a connection was attempted")

    monkeypatch.setattr(socket, "create_connection", fail)
    with pytest.raises(FetchError, match="not on the public web"):
        fetch_image(f"http://{address}/x.png")


def test_a_folder_that_is_a_symlink_is_not_written_to(server: Server, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "source" / FOLDER).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FetchError, match="is a link"):
        ImageFetcher((tmp_path / "source").resolve(), loopback=True).fetch(f"{server.url}/a.png")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_nothing_is_downloaded_without_the_option_and_never_from_this_machine(
    server: Server, write: Write
) -> None:
    path = write(FRONT + f"![words]({server.url}/a.png)\n")
    assert [f.code for f in read(path).findings] == ["picture-remote"]
    assert [f.code for f in read(path, fetch_pictures=True).findings] == ["picture-unfetched"]
    assert server.requested == []
    assert not (path.parent / FOLDER).exists()
