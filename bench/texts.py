"""Generates texts for the benchmarks from a seed: an article, a long read and a book."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PEOPLE = "the baker|a ferryman|her aunt|the clerk|nobody|the younger son|a printer|the night watch".split(
    "|"
)
_DEEDS = "counted|carried|forgot|sold|mended|hid|measured|borrowed|lost|painted|weighed|found again".split(
    "|"
)
_THINGS = (
    "the lamp|a sack of salt|two letters|the long ladder|a map of the harbour|the good knife|seven coins|"
    "the blue door|a bell without a tongue|the ledger|an orange|the key to the cellar"
).split("|")
_WHEN = (
    "before the tide turned|in the third winter|while it rained|on the way back|long after midnight|"
    "as everyone had expected|without a word|for the second time|under the bridge|at the end of the market"
).split("|")
_LINKS = "and|but|for|so|while|until".split("|")


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a text."""

    chapters: int
    words: int
    """In each chapter."""
    notes: int
    """In each chapter."""
    pictures: int
    """In each chapter."""


ARTICLE = Size(1, 700, 3, 1)
LONGFORM = Size(1, 8_000, 20, 4)
BOOK = Size(30, 5_000, 20, 2)


def write_text(size: Size, folder: Path, seed: int = 1) -> list[Path]:
    """Write a text of *size* into *folder*, one file for each chapter, with its images; return the files."""
    chance = random.Random(seed)
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(1, size.chapters + 1):
        path = folder / f"{number:04}.md"
        path.write_text("\n\n".join(_chapter(number, size, chance, folder)) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def _chapter(number: int, size: Size, chance: random.Random, folder: Path) -> Iterator[str]:
    yield f"# Chapter {number}: what {chance.choice(_PEOPLE)} {chance.choice(_DEEDS)}"
    blocks = list(_paragraphs(size.words, chance))
    count = len(blocks)
    for note in range(1, size.notes + 1):
        index = chance.randrange(count)
        blocks[index] += f"[^{number}-{note}]"
        blocks.append(f"[^{number}-{note}]: {_sentence(chance)}")
    for picture in range(1, size.pictures + 1):
        name = f"pictures/{number:04}-{picture}.png"
        _draw(folder / name, chance)
        blocks.insert(chance.randrange(count), f'![A field of colour.]({name} "Plate {picture}")')
    for index in range(0, count, 12):
        blocks[index] = f"## {_sentence(chance).rstrip('.')}\n\n{blocks[index]}"
    yield from blocks


def _paragraphs(words: int, chance: random.Random) -> Iterator[str]:
    """Yield paragraphs of at least 75 words, *words* words in all."""
    while words > 0:
        sentences: list[str] = []
        while sum(len(sentence.split()) for sentence in sentences) < 75:
            sentences.append(_sentence(chance))
        paragraph = " ".join(sentences)
        words -= len(paragraph.split())
        yield paragraph


def _sentence(chance: random.Random) -> str:
    parts = [
        f"{chance.choice(_PEOPLE)} {chance.choice(_DEEDS)} {chance.choice(_THINGS)} {chance.choice(_WHEN)}"
        for _ in range(chance.randint(1, 3))
    ]
    text = parts[0]
    for part in parts[1:]:
        text += f", {chance.choice(_LINKS)} {part}"
    return f"{text[0].upper()}{text[1:]}."


def _draw(path: Path, chance: random.Random) -> None:
    from PIL import Image

    size = (640, 400)
    top, foot = (tuple(chance.randrange(256) for _ in range(3)) for _ in range(2))
    image = Image.linear_gradient("L").resize(size)
    Image.composite(Image.new("RGB", size, top), Image.new("RGB", size, foot), image).save(path)
