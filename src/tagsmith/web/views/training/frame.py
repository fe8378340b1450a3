"""What all pages of one tag model show: its title, its status, and the way to its other pages."""

from dataclasses import dataclass
from typing import Any

from tagsmith.errors import NotFoundError
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.taxonomy.suggesting import distinct_titles
from tagsmith.training.jobs import current
from tagsmith.training.models import TagModel, Version
from tagsmith.training.selectors import Status, status
from tagsmith.web.titles import in_order, tell_failures


@dataclass(frozen=True)
class Taught:
    """A tag that a tag model teaches, and its title."""

    tag: Tag
    title: str

    @property
    def pk(self) -> int:
        """The tag's number."""
        return self.tag.pk


def frame(model: TagModel, page: str) -> dict[str, Any]:
    """Return what the head of a tag model's page shows; `page` is the address's name of the tab that is open."""
    tell_failures([model])
    live = model.versions.defer("content").filter(live=True).first()
    return {
        "model": model,
        "status": status(model),
        "is_under_way": status(model) is Status.PENDING,
        "live": live,
        "page": page,
        "limits": current().limits,
    }


def taught(model: TagModel, language: str) -> list[Taught]:
    """Return the tags that a tag model teaches, in the order of their titles."""
    tags = list(live_tags().filter(tag_models=model))
    titles = distinct_titles(tags, language)
    return in_order((Taught(tag, titles[tag.pk]) for tag in tags), lambda one: one.title)


def taught_tag(model: TagModel, tag_id: int) -> Tag:
    """Return a tag that a tag model teaches; raises NotFoundError."""
    tag = live_tags().filter(pk=tag_id, tag_models=model).first()
    if tag is None:
        raise NotFoundError(f"{model.title!r} teaches no tag {tag_id}")
    return tag


def shown_version(model: TagModel) -> Version | None:
    """Return the live version of a tag model, else its last one; without its file."""
    rows = model.versions.select_related("model", "encoder").defer("content")
    return rows.order_by("live", "number").last()
