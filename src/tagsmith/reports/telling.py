"""The rows of a report as readers get them: tags by their titles in the reader's language, in the order of these."""

from typing import Any

from django.utils.translation import get_language

from tagsmith.ordering import sorting_key
from tagsmith.reports.kinds import find_kind
from tagsmith.reports.models import Report
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.taxonomy.suggesting import distinct_titles


def told(report: Report) -> list[dict[str, Any]]:
    """Return a report's rows; a tag that has another id now, or is deleted, by the id that it had."""
    kind, language = find_kind(report.kind), get_language() or "en"
    keys = {row[name] for row in report.rows for name in kind.tags}
    tags = list(live_tags().filter(key__in=keys))
    titles = distinct_titles(tags, language)
    known = {tag.key: titles[tag.pk] for tag in tags}
    rows = [{**row, **{name: known.get(row[name], row[name]) for name in kind.tags}} for row in report.rows]
    return sorted(rows, key=lambda row: [sorting_key(str(row[name]), language) for name in kind.order])
