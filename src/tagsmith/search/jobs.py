"""The background work of the search: the texts of many assets after a tag above them was given other words."""

from tagsmith.queue.port import job
from tagsmith.search import services


@job("search.reindex")
def reindex(assets: list[int]) -> None:
    """Write the searched text of assets anew."""
    services.reindex(assets)
