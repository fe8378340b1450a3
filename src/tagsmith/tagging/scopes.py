"""Scopes as rows hold them, for work that goes on when its caller is gone."""

import json

from tagsmith.assets.scope import Scope


def written(scope: Scope) -> str:
    """Return a scope as text: equal scopes are equal texts."""
    return json.dumps(None if scope.paths is None else scope.tops())


def read(text: str) -> Scope:
    """Return the scope of a text."""
    paths = json.loads(text)
    return Scope(None if paths is None else tuple(paths))
