import pytest

from tagsmith.operations.demo.material import Material

pytestmark = [pytest.mark.django_db, pytest.mark.req("A6f")]


def test_whose_works_they_are_is_noted_once_and_as_one_change(sound, tmp_path):
    from tagsmith.assets.models import Asset
    from tagsmith.audit.models import Entry
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.operations.demo.teaching import say_rights

    for _ in range(2):
        say_rights(COMMAND_LINE, Material(tmp_path / "photos", "", [], rights="drawn by hand"))
    assert set(Asset.objects.values_list("rights", flat=True)) == {"drawn by hand"}
    edited = Entry.objects.filter(action="asset.edited")
    assert edited.count() == 3
    assert len(set(edited.values_list("unit", flat=True))) == 1
