"""`bifolio cache`: show or clear the build cache."""

from __future__ import annotations

import click

from bifolio.cli.report import size


@click.command(name="cache")
@click.option("--clear", is_flag=True, help="Delete everything in the cache.")
def command(clear: bool) -> None:
    """Show the folder and the size of the build cache."""
    from bifolio.runtime.cache import user_cache

    cache = user_cache()
    if clear:
        cache.clear()
    click.echo(f"{cache.folder}  {size(cache.size())}")
