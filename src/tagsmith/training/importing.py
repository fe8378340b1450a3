"""Tag models from elsewhere: a model file becomes a version, a folder per tag becomes tags with examples."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tagsmith.assets.models import Asset, State
from tagsmith.assets.origins import origin_of
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.audit.services import Actor, record
from tagsmith.errors import ExamplesError, ModelFileError, NotFoundError, TaxonomyError
from tagsmith.learning.examples import ExampleTree, read_example_tree
from tagsmith.learning.saved import SavedModel, load_saved
from tagsmith.taxonomy.keys import parse_key
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.selectors import find_tag
from tagsmith.taxonomy.services.changing import changing
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.training.learn import TrainingSettings
from tagsmith.training.models import TagModel, Version
from tagsmith.training.selectors import example_counts
from tagsmith.training.services import SUBJECT, add_examples, checked_title, create_tag_model, publish


@dataclass(frozen=True)
class Labelled:
    """A folder per tag that can become a tag model: its images by tag, and the model's title."""

    title: str
    tree: ExampleTree


def import_file(
    actor: Actor, file: BinaryIO, name: str, settings: TrainingSettings, *, title: str, live: bool = False
) -> Version:
    """Make a tag model of a model file, with one version, whose content is the file; tags are made where missing.

    The version waits to be published, unless it is to go `live`. It brings no examples: the next training needs some.

    Parameters
    ----------
    actor
        Who does it.
    file, name
        The file, read from its beginning, and what stands for it in messages.
    settings
        Of this library's trainings: the encoder that serves.
    title
        Of the tag model.
    live
        Whether the version serves at once.

    Raises
    ------
    ModelFileError
        It is no model file, is changed, cut or too new, was taught with another encoder than the one that serves, or
        a tag of it cannot be one.
    BadInputError
        The title cannot be one.
    """
    saved = load_saved(file, name)
    _check_encoder(saved, name, settings)
    file.seek(0)
    content = file.read()
    with changing():
        tags = _tags(actor, saved.examples.tags, name)
        model = create_tag_model(actor, title, tags, exclusive=saved.classifier.exclusive)
        _take_over(model, saved)
        columns = [tag.pk for tag in tags]
        version = Version.objects.create(
            model=model, number=1, encoder=settings.encoder, content=content, columns=columns
        )
        version.tags.set(columns)
        record(actor, "import version", SUBJECT, model.pk, after={"version": version.number, "file": name})
        return publish(actor, version) if live else version


def read_labelled(root: Path, title: str) -> Labelled:
    """Return what a folder per tag holds, if a tag model can be made of it. Nothing is changed.

    Raises
    ------
    ExamplesError
        `root` is no folder that can be read, or holds no tag.
    TaxonomyError
        A folder's name cannot be a tag's.
    BadInputError
        The title cannot be one.
    """
    tree = read_example_tree(root)
    if not tree.tags:
        raise ExamplesError("{root}: no images in folders named after tags", root=root)
    for key in tree.tags:
        parse_key(key)
    return Labelled(checked_title(title), tree)


def import_labelled(
    actor: Actor, scope: Scope, labelled: Labelled, *, exclusive: bool = True
) -> tuple[TagModel, dict[str, int]]:
    """Make a tag model of a folder per tag whose images are in the library; tags are made where missing.

    Examples are those assets within `scope` that came from the images and are ready. The model is a draft.

    Returns
    -------
    model, counts
        The model, and how many examples each tag has, by its key.
    """
    with changing():
        tags = {key: present_tag(actor, key) for key in labelled.tree.tags}
        model = create_tag_model(actor, labelled.title, list(tags.values()), exclusive=exclusive)
        for key, tag in tags.items():
            add_examples(actor, model, tag, _from_files(scope, labelled.tree.tags[key]))
        return model, example_counts(model)


def present_tag(actor: Actor, key: str) -> Tag:
    """Return the tag of this key, made where it is missing."""
    try:
        return find_tag(key)
    except NotFoundError:
        return create_tag(actor, key)


def _check_encoder(saved: SavedModel, name: str, settings: TrainingSettings) -> None:
    serving = settings.encoder
    if saved.encoder_id != serving.identifier:
        raise ModelFileError(
            "{name}: taught with the encoder {encoder} ({encoder_id}); this library's is {serving_name} ({serving_id})",
            name=name,
            encoder=saved.encoder_name,
            encoder_id=saved.encoder_id,
            serving_name=settings.encoder_name,
            serving_id=serving.identifier,
        )
    if saved.classifier.n_features_in_ != serving.dimension:
        raise ModelFileError(
            "{name}: its parts do not fit together ({numbers} numbers per image; its encoder gives {dimension})",
            name=name,
            numbers=saved.classifier.n_features_in_,
            dimension=serving.dimension,
        )


def _tags(actor: Actor, keys: Sequence[str], name: str) -> list[Tag]:
    try:
        return [present_tag(actor, key) for key in keys]
    except TaxonomyError as error:
        raise ModelFileError("{name}: {error}", name=name, error=error.sentence) from error


def _take_over(model: TagModel, saved: SavedModel) -> None:
    """Let the model say what the file's did, so that a later training aims at the same."""
    model.target_precision = saved.classifier.target_precision
    model.prevalence = saved.classifier.prevalence
    model.training = TagModel.Training.DONE
    model.save(update_fields=("target_precision", "prevalence", "training"))


def _from_files(scope: Scope, files: Collection[Path]) -> list[Asset]:
    origins = [origin_of(file) for file in files]
    return list(live_assets(scope).filter(origin__in=origins, state=State.READY).order_by("pk"))
