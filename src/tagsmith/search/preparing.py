"""Looking up what a search needs before it asks for assets: words of patterns, tags of terms, restrictions."""

from collections.abc import Iterator
from dataclasses import replace

from tagsmith.assets.scope import Scope
from tagsmith.search.kept_sets import within_kept, without_kept
from tagsmith.search.lexemes import Lexemes, spell_out
from tagsmith.search.parts import Query, Term, TextFilter
from tagsmith.search.prepared import Search
from tagsmith.search.restrictions import Restricting
from tagsmith.search.tag_words import TagWords


def prepared(scope: Scope, query: Query, tags: TagWords) -> Search:
    """Return a search with what has to be looked up for it."""
    spelled, notes = spell_out(_terms(query))
    lexemes = Lexemes(tags.languages, spelled)
    return Search(
        query=replace(query, notes=(*query.notes, *notes)),
        restrictions=within_kept(Restricting(tags, lexemes).of(scope, without_kept(query)), scope, query),
        lexemes=lexemes,
        tags=tuple(tags.living(tags.finds(term)) for term in query.terms),
    )


def _terms(query: Query) -> Iterator[Term]:
    """Yield every term, wherever in the query it is."""
    for part in (*query.terms, *query.filters, *query.excluded):
        term = part.text if isinstance(part, TextFilter) else part
        if isinstance(term, Term):
            yield term
