"""What templates need to say what the rooms below say."""

from collections.abc import Mapping

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from tagsmith.taxonomy.models import Tag
from tagsmith.web import phrases, previews

register = template.Library()
WITHOUT_SPACES = {"ja", "zh-hans"}
register.filter("phrase", phrases.phrase)
register.simple_tag(previews.preview_address, name="preview")


@register.filter
def called(tag: Tag, titles: Mapping[int, str]) -> str:
    """Return what a tag is called, of titles by the numbers of tags; its name if it has none."""
    return titles.get(tag.pk, tag.name)


@register.filter
def code(text: str) -> str:
    """Return a text in which what stands between backticks, such as a command, is marked as code."""
    parts = text.split("`")
    if len(parts) == 1 or len(parts) % 2 == 0:  # there is none, or one stands alone
        return text
    marked = (format_html("<code>{}</code>", one) if place % 2 else one for place, one in enumerate(parts))
    return format_html_join("", "{}", ((one,) for one in marked))


@register.filter
def stop(text: str) -> str:
    """Return what a room below says, which has none, with the full stop of the reader's language."""
    return text + ("。" if get_language() in WITHOUT_SPACES else ".")


@register.filter
def number(value: float) -> str:
    """Write a number as the reader's language groups its digits."""
    return number_format(value, force_grouping=True)
