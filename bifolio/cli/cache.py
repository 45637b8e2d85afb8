"""`bifolio cache`: what earlier builds have left for the next."""

from __future__ import annotations

import click

from bifolio.cli.report import size


@click.command(name="cache")
@click.option("--clear", is_flag=True, help="Throw everything in it away.")
def command(clear: bool) -> None:
    """Say where the cache is and how large it is."""
    from bifolio.runtime.cache import user_cache

    cache = user_cache()
    if clear:
        cache.clear()
    click.echo(f"{cache.folder}  {size(cache.size())}")
