"""Suggestions as a run would have left them, without a tag model that was really trained."""


def suggest(assets, name="boot", confidence=550, model="Shoes"):
    """Let a live tag model suggest a tag for assets, each a little less sure."""
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.embeddings.services import stored_encoder
    from tagsmith.tagging.models import Suggestion
    from tagsmith.taxonomy.services.create import create_tag
    from tagsmith.training.models import TagModel, Version

    tag = create_tag(COMMAND_LINE, name)
    made, _ = TagModel.objects.get_or_create(title=model)
    version, _ = Version.objects.get_or_create(
        model=made,
        number=1,
        defaults={"encoder": stored_encoder("test", 8), "columns": [], "content": b"", "live": True},
    )
    for less, asset in enumerate(assets):
        Suggestion.objects.create(asset=asset, tag=tag, version=version, confidence=confidence - less)
    return tag
