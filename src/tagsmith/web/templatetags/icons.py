"""Icons as they stand in a page: once made, and without what all of them share, which `tokens.css` says."""

import re
from functools import cache

from django import template
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide as drawn

register = template.Library()
SHARED = ' fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'


@register.simple_tag
def lucide(name: str, size: int = 24, **attributes: str) -> SafeString:
    """Return an icon as SVG."""
    return _made(name + "", size, tuple(attributes.items()))  # without what marks it as safe


@cache
def _made(name: str, size: int, attributes: tuple[tuple[str, str], ...]) -> SafeString:
    svg = drawn(name, size=size, **dict(attributes)).replace(SHARED, "", 1)
    return mark_safe(re.sub(r"\s+(?=<|/>)", "", svg))  # noqa: S308 - of names and sizes in our templates
