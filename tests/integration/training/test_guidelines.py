"""Advice on the examples of a tag model of the library, from what is stored."""

import json

import numpy as np
import pytest
from PIL import Image

from drawings import draw, draw_tree
from integration.stages import library, settings, shoes, tags, taught, trained  # noqa: F401 - fixtures
from integration.test_library import data  # noqa: F401 - a fixture
from integration.test_library import library as command  # noqa: F401 - a fixture
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.curation.models import Rejection
from tagsmith.embeddings.models import Embedding
from tagsmith.embeddings.services import store_vectors
from tagsmith.learning.findings import Kind
from tagsmith.training.guidelines import check_examples
from tagsmith.training.models import Example
from tagsmith.training.services import create_tag_model
from tagsmith.vision.measures import Measures

GOOD = Measures(sharpness=0.5, brightness=0.8, detail=0.4, attended=0.5, extent=0.35, off_centre=0.05)


def found(model, settings, kind):
    return [finding for finding in check_examples(model, settings) if finding.kind is kind]


def remeasured(settings, assets, measures):
    """Let assets have new contents, embedded as before and measured."""
    for asset in assets:
        vector = np.array([Embedding.objects.get(asset=asset).vector])
        asset.content = asset.content[::-1]
        asset.save(update_fields=["content"])
        store_vectors(settings.encoder, np.array([asset.pk]), vector, {asset.pk: asset.content}, {asset.pk: measures})


@pytest.mark.django_db
@pytest.mark.req("M8h")
def test_draft_is_checked_and_images_that_were_never_measured_are_named(shoes, settings, library):
    quality = found(shoes, settings, Kind.QUALITY)
    assert [finding.tag for finding in quality] == ["default:boot", "default:hat"]
    assert set(quality[0].images) == {asset.pk for asset in library["boot"][:12]}
    assert "before images were measured" in quality[0].reason
    quantity = found(shoes, settings, Kind.QUANTITY)
    assert [finding.reason for finding in quantity] == ["12 different examples; 30 teach better"] * 2


@pytest.mark.django_db
@pytest.mark.req("M8g")
def test_stored_measures_and_sizes_are_judged(shoes, settings, library):
    remeasured(settings, library["boot"][:12], GOOD)
    remeasured(settings, library["hat"][:12], GOOD._replace(brightness=0.1))
    tiny = library["boot"][2]
    tiny.width, tiny.height = 300, 60
    tiny.save(update_fields=["width", "height"])
    quality = found(shoes, settings, Kind.QUALITY)
    assert [(finding.tag, len(finding.images)) for finding in quality] == [("default:boot", 1), ("default:hat", 12)]
    assert quality[0].images == (tiny.pk,)
    assert "dark" in quality[1].reason


@pytest.mark.django_db
@pytest.mark.req("M8h")
def test_example_without_an_embedding_is_named(shoes, settings, library):
    lost = library["hat"][0]
    Embedding.objects.filter(asset=lost).delete()
    [finding] = [one for one in check_examples(shoes, settings) if "not been prepared" in one.reason]
    assert (finding.tag, finding.images) == ("default:hat", (lost.pk,))


@pytest.mark.django_db
@pytest.mark.req("M8e")
def test_example_that_a_tag_of_another_live_model_fits_is_to_be_added_there(trained, settings, tags, library):
    model = create_tag_model(COMMAND_LINE, "Warm", [tags["sock"], tags["hat"]])
    fresh = library["boot"][12:]
    Example.objects.bulk_create(Example(model=model, tag=tags["sock"], asset=asset) for asset in fresh)
    Rejection.objects.create(asset=fresh[0], tag=tags["boot"], content=fresh[0].content)
    [finding] = found(model, settings, Kind.COMPLETENESS)
    assert (finding.tag, finding.other, finding.other_model) == ("default:sock", "default:boot", "Shoes")
    assert set(finding.images) <= {asset.pk for asset in fresh[1:]}
    [conflict] = found(model, settings, Kind.CONFLICT)
    assert (conflict.tag, conflict.other_model) == ("default:hat", "Shoes")


@pytest.mark.req("M8h")
def test_command_names_images_reason_and_remedy(command, tmp_path):
    photos = draw_tree(tmp_path / "shapes", ("disc", "star"), 10)
    dark = draw("disc", 50).point(lambda level: level // 9)
    dark.save(photos / "disc" / "dark.png")
    small = Image.new("RGB", (600, 600), "white")
    small.paste(draw("star", 51).resize((60, 60)), (270, 270))
    small.save(photos / "star" / "small.png")
    assert command("model", "import", photos).returncode == 0
    lines = command("model", "check", "1").stdout.splitlines()
    at = lines.index(
        "default:disc: quality: dark: hardly anything in it is bright; brighten it, or choose another image"
    )
    assert lines[at + 1] == "  shapes/disc/dark.png"
    findings = json.loads(command("model", "check", "1", "--json").stdout)
    distraction = next(one for one in findings if "small in its frame" in one["reason"])
    assert (distraction["tag"], distraction["kind"], distraction["step"]) == ("default:star", "distraction", "drop")
    assert "shapes/star/small.png" in distraction["paths"]
    assert command("model", "check", "2").stderr == "tagsmith: no tag model 2\n"
