import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integration.stages import ada, library, settings, shoes, tags, taught, trained  # noqa: F401 - fixtures
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.training.corrections import waiting_corrections
from tagsmith.training.overview import overview

pytestmark = [pytest.mark.django_db, pytest.mark.req("M4")]


def test_draft_has_its_counts_and_no_quality(shoes):
    [row] = overview()
    assert (row.status, row.tags, row.examples, row.live, row.quality) == ("Draft", 2, 24, None, None)


def test_trained_model_has_the_quality_of_its_live_version(trained):
    [row] = overview()
    assert (row.status, row.live) == ("Trained", 1)
    assert [tag.tag for tag in row.quality.tags] == ["default:boot", "default:hat"]


def test_what_people_said_waits_as_it_does_for_a_single_model(trained, tags, library):
    for asset, kind in ((library["boot"][0], "boot"), (library["boot"][15], "boot"), (library["hat"][15], "hat")):
        HumanTag.objects.create(asset=asset, tag=tags[kind])
    HumanTag.objects.create(asset=library["hat"][15], tag=tags["boot"])  # said twice: teaches none
    HumanTag.objects.create(asset=library["hat"][16], tag=tags["sock"])  # of another model
    Rejection.objects.create(asset=library["sock"][0], tag=tags["hat"], content=library["sock"][0].content)
    Rejection.objects.create(asset=library["sock"][1], tag=tags["hat"], content="replaced since")
    [row] = overview()
    assert row.waiting == waiting_corrections(trained)
    assert (row.waiting.promoted, row.waiting.rejected) == (1, 1)


def test_number_of_queries_does_not_grow_with_models(trained, tags, library):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            overview()
        return len(caught)

    overview()
    few = queries()
    for number in range(4):
        taught(f"Model {number}", tags, library, "boot", "sock")
    assert queries() == few
