"""Which assets a command is about: by path, below a folder, or all that a search finds."""

import click

PAGE = 1000  # hits of a search at a time


def chosen(paths: tuple[str, ...] = (), query: str = "", folder: str | None = None) -> list[int]:
    """Return the ids of the assets at these paths, of all that a search finds and of all below a folder, each once."""
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.assets.selectors.assets import find_asset

    named = [find_asset(EVERYTHING, path.strip("/")).pk for path in paths]
    found = _found(query) if query.strip() else ()
    return list(dict.fromkeys((*named, *found, *(_below(folder) if folder is not None else ()))))


def _found(query: str) -> list[int]:
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.search.selectors import search

    page = search(EVERYTHING, query, size=PAGE)
    if page.notes:
        raise click.ClickException("; ".join(map(str, page.notes)))  # a filter left out would take in too many
    found = [hit.asset.pk for hit in page.hits]
    while page.after:
        page = search(EVERYTHING, query, after=page.after, size=PAGE)
        found += [hit.asset.pk for hit in page.hits]
    return found


def _below(path: str) -> list[int]:
    from tagsmith.assets.scope import EVERYTHING, Scope
    from tagsmith.assets.selectors.assets import live_assets
    from tagsmith.assets.selectors.folders import find_folder

    folder = find_folder(EVERYTHING, path.strip("/"))
    rows = live_assets(Scope((folder.path,))).order_by("folder__path", "folded")
    return list(rows.values_list("pk", flat=True))
