"""Object streams and the file identifier of a written PDF (ISO 32000-1, 7.5.7)."""

from __future__ import annotations

import re
from io import BytesIO

import pikepdf
import pydyf

from bifolio.pdf.writing.object_streams import write_pdf


def numbered_pdf(count: int, title: str) -> bytes:
    """Return a PDF of one page and *count* numbered objects."""
    pdf = pydyf.PDF()
    stream = pydyf.Stream([b"0 0 9 9 re f"])
    pdf.add_object(stream)
    page = {"Type": "/Page", "Parent": pdf.pages.reference, "MediaBox": pydyf.Array([0, 0, 9, 9])}
    page["Resources"] = pydyf.Dictionary()
    pdf.add_page(pydyf.Dictionary({**page, "Contents": stream.reference}))
    items = [pydyf.Dictionary({"Number": number}) for number in range(count)]
    for item in items:
        pdf.add_object(item)
    pdf.catalog["Items"] = pydyf.Array([item.reference for item in items])
    pdf.info["Title"] = pydyf.String(title)
    out = BytesIO()
    write_pdf(pdf, out)
    return out.getvalue()


def test_objects_are_in_streams_of_200() -> None:
    data = numbered_pdf(450, "A (title)")
    with pikepdf.open(BytesIO(data)) as pdf:
        assert [int(item.Number) for item in pdf.Root.Items] == list(range(450))
        assert pdf.pages[0].Contents.read_bytes() == b"0 0 9 9 re f"
        assert str(pdf.docinfo["/Title"]) == "A (title)"
        assert pdf.check_pdf_syntax() == []
    assert [int(count) for count in re.findall(rb"/N (\d+)", data)] == [200, 200, 54]


def test_no_stream_ends_with_a_line_break() -> None:
    for number in range(600):
        data = numbered_pdf(3, f"Title {number}")
        ends = [match.start() for match in re.finditer(rb"\nendstream", data)]
        assert len(ends) == 3
        assert all(data[end - 1 : end] not in (b"\r", b"\n") for end in ends)
        with pikepdf.open(BytesIO(data)) as pdf:
            assert str(pdf.docinfo["/Title"]) == f"Title {number}"


def test_the_same_objects_give_the_same_file_and_identifier() -> None:
    assert numbered_pdf(3, "A") == numbered_pdf(3, "A")
    with (
        pikepdf.open(BytesIO(numbered_pdf(3, "A"))) as one,
        pikepdf.open(BytesIO(numbered_pdf(3, "B"))) as other,
    ):
        assert bytes(one.trailer.ID[0]) != bytes(other.trailer.ID[0])
