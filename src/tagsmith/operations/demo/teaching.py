"""What the demonstration teaches the library. Each step does what is left to do, and nothing twice."""

from collections.abc import Iterable
from pathlib import Path

from django.db.models import QuerySet

from tagsmith.assets.edits import Edit, Mode
from tagsmith.assets.models import Asset, State
from tagsmith.assets.origins import origin_of
from tagsmith.assets.scope import EVERYTHING
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.assets.services.bulk_edit import edit_assets
from tagsmith.audit.services import Actor
from tagsmith.operations.demo.material import Lesson, Material
from tagsmith.taxonomy.files import import_taxonomy, parse_csv
from tagsmith.taxonomy.services.changing import changing
from tagsmith.training.importing import present_tag
from tagsmith.training.models import TagModel
from tagsmith.training.services import add_examples, create_tag_model
from tagsmith.vision.files import walk


def say_rights(actor: Actor, material: Material) -> None:
    """Note whose works the assets are, where that is known and not noted yet."""
    if not material.rights:
        return
    files = [file for file in walk(material.root) if isinstance(file, Path)]
    if assets := list(_assets_of(files).filter(rights="").values_list("pk", flat=True)):
        edit_assets(EVERYTHING, actor, assets, {"rights": Edit(Mode.REPLACE, material.rights)})


def make_tags(actor: Actor, material: Material) -> int:
    """Make the tags that the lessons teach, with their words; return how many these are."""
    keys = {key for lesson in material.lessons for key in lesson.examples}
    with changing():
        if material.taxonomy:
            import_taxonomy(actor, parse_csv(material.taxonomy))
        return len([present_tag(actor, key) for key in sorted(keys)])


def make_tag_model(actor: Actor, lesson: Lesson) -> TagModel:
    """Return the tag model of a lesson, made with its examples where it is missing."""
    known = TagModel.objects.filter(title=lesson.title).first()
    if known is not None:
        return known
    with changing():
        tags = {key: present_tag(actor, key) for key in lesson.examples}
        model = create_tag_model(actor, lesson.title, list(tags.values()))
        for key, tag in tags.items():
            add_examples(actor, model, tag, _assets_of(lesson.examples[key]).filter(state=State.READY))
        return model


def _assets_of(files: Iterable[Path]) -> QuerySet[Asset]:
    return live_assets(EVERYTHING).filter(origin__in=[origin_of(file) for file in files]).order_by("pk")
