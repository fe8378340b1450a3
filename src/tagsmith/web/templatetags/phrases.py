"""What templates need to say what the rooms below say."""

from collections.abc import Mapping

from django import template
from django.utils.formats import number_format

from tagsmith.taxonomy.models import Tag
from tagsmith.web import phrases

register = template.Library()
register.filter("phrase", phrases.phrase)


@register.filter
def called(tag: Tag, titles: Mapping[int, str]) -> str:
    """Return what a tag is called, of titles by the numbers of tags; its name if it has none."""
    return titles.get(tag.pk, tag.name)


@register.filter
def number(value: float) -> str:
    """Write a number as the reader's language groups its digits."""
    return number_format(value, force_grouping=True)
