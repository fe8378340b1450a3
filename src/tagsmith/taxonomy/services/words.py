"""A tag's words: titles by language, synonyms, the description."""

from tagsmith.audit.services import Actor, record
from tagsmith.errors import NotFoundError
from tagsmith.taxonomy.models import Label, Tag
from tagsmith.taxonomy.references import REFERENCES
from tagsmith.taxonomy.services.changing import changing, fresh
from tagsmith.taxonomy.wording import checked_description, checked_label, checked_language, folded_label


def set_title(actor: Actor, tag: Tag, title: str, language: str = "en") -> Tag:
    """Give the tag a title in a language; a synonym of the same words becomes the title."""
    language, title = checked_language(language), checked_label(title)
    with changing():
        tag = fresh(tag)
        before = _title(tag, language)
        if before != title:
            put_title(tag, language, title)
            _changed(actor, "tag.title", tag, language, (before, title))
        return tag


def remove_title(actor: Actor, tag: Tag, language: str) -> Tag:
    """Take away the tag's title in a language; it is then shown by another, or by its name."""
    language = checked_language(language)
    with changing():
        tag = fresh(tag)
        before = _title(tag, language)
        if before is not None:
            Label.objects.filter(tag=tag, language=language, is_title=True).delete()
            _changed(actor, "tag.title", tag, language, (before, None))
        return tag


def add_synonym(actor: Actor, tag: Tag, text: str, language: str = "en") -> Tag:
    """Give the tag a further word; nothing happens if it has it already."""
    language, text = checked_language(language), checked_label(text)
    with changing():
        tag = fresh(tag)
        if not Label.objects.filter(tag=tag, language=language, text=text).exists():
            Label.objects.create(tag=tag, language=language, text=text, folded=folded_label(text))
            _changed(actor, "tag.synonym", tag, language, (None, text))
        return tag


def remove_synonym(actor: Actor, tag: Tag, text: str, language: str = "en") -> Tag:
    """Take away one of the tag's synonyms.

    Raises
    ------
    NotFoundError
        It has no such synonym.
    """
    language, text = checked_language(language), checked_label(text)
    with changing():
        tag = fresh(tag)
        gone, _ = Label.objects.filter(tag=tag, language=language, text=text, is_title=False).delete()
        if not gone:
            raise NotFoundError(f"{tag.key} has no synonym {text!r} in {language}")
        _changed(actor, "tag.synonym", tag, language, (text, None))
        return tag


def set_description(actor: Actor, tag: Tag, description: str) -> Tag:
    """Give the tag another description; an empty one takes it away."""
    description = checked_description(description)
    with changing():
        tag = fresh(tag)
        before, tag.description = tag.description, description
        if before != description:
            tag.save(update_fields=["description", "modified"])
            change = ({"description": before}, {"description": description})
            record(actor, "tag.description", "tag", tag.pk, before=change[0], after=change[1])
        return tag


def put_title(tag: Tag, language: str, title: str) -> None:
    """Write a title that is checked, in the place of an old one and of a synonym of the same words."""
    Label.objects.filter(tag=tag, language=language, text=title).delete()
    values = {"text": title, "folded": folded_label(title)}
    Label.objects.update_or_create(tag=tag, language=language, is_title=True, defaults=values)


def _title(tag: Tag, language: str) -> str | None:
    return Label.objects.filter(tag=tag, language=language, is_title=True).values_list("text", flat=True).first()


def _changed(actor: Actor, action: str, tag: Tag, language: str, change: tuple[str | None, str | None]) -> None:
    tag.save(update_fields=["modified"])
    before, after = ({"language": language, "text": text} if text else None for text in change)
    record(actor, action, "tag", tag.pk, before=before, after=after)
    REFERENCES.reworded([tag.pk])
