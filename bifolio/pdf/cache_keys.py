"""Cache keys of layout tasks: digests of everything that their results depend on."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from importlib.metadata import version
from typing import Any

from bifolio.model.publication import FILE, LINE, Picture, Section
from bifolio.pdf.job import LayoutJob, MarginBoxTask, Task
from bifolio.runtime.fingerprints import font_fingerprint, program

NAMING_DIGITS = 12
"""How many hexadecimal digits at the start of a key depend on the content of the task alone.

The resources of a text are named by them, so that another version of the program writes the same names.
"""


def job_digest(job: LayoutJob) -> Any:
    """Return the digest of what every task of *job* depends on, a hash object to be copied."""
    metadata = job.publication.metadata
    digest = hashlib.sha256()
    for part in (
        version("weasyprint"), version("pydyf"), version("ziamath"), sys.version, program(),
        font_fingerprint(), job.stylesheets, job.variants, sorted(job.missing), metadata.language,
        metadata.title, metadata.short_title, len(job.publication.sections) > 1, sorted(job.own_fonts),
        job.figures, job.vertical_justification,
    ):  # fmt: skip
        digest.update(repr(part).encode())
    return digest


def task_key(base: Any, job: LayoutJob, task: Task) -> str:
    """Return the hexadecimal key of *task*, whose *job* has the digest *base*.

    Its first `NAMING_DIGITS` digits are the digest of the content of the task, the others that of everything
    that decides the result.
    """
    content = hashlib.sha256(repr(astuple(task.context)).encode())
    if isinstance(task, MarginBoxTask):
        content.update(repr(astuple(task)).encode())
    else:
        content.update(repr(task.page_numbers).encode())
        pictures = {picture.name: picture for picture in job.publication.pictures}
        for index in task.sections:
            for part in _content(job.publication.sections[index], pictures):
                content.update(part.encode())
    digest = base.copy()
    digest.update(content.digest())
    return content.hexdigest()[:NAMING_DIGITS] + str(digest.hexdigest())[NAMING_DIGITS:]


def _content(section: Section, pictures: Mapping[str, Picture]) -> Iterator[str]:
    """Yield everything that *section* consists of except its position in the source file."""
    yield repr((section.name, section.role, section.matter, section.depth, section.language))
    yield repr([(note.number, note.sign) for note in section.notes])
    for tree in section.trees():
        stack: list[Any] = [tree]
        while stack:
            element = stack.pop()
            if element is None:
                yield ")"
                continue
            attributes = [item for item in element.attrib.items() if item[0] not in (LINE, FILE)]
            yield repr((element.tag, attributes, element.text, element.tail))
            if element.tag == "img" and element.get("src") in pictures:
                yield hashlib.sha256(pictures[element.get("src")].data).hexdigest()
            stack.append(None)
            stack.extend(reversed(element))
