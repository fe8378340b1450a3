"""Reading: pages, counts, likes; nothing outside the caller's scope; as many queries for many as for few."""

import inspect

import pytest
from django.db.models import F
from PIL import Image

from drawings import draw
from tagsmith.assets.models import LIVE, Asset, AssetVersion, Folder
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.selectors import assets as reading
from tagsmith.assets.selectors import folders as tree
from tagsmith.assets.selectors import likeness as likes
from tagsmith.assets.services.trash import trash_assets, trash_folder
from tagsmith.errors import NotFoundError

pytestmark = pytest.mark.django_db
MINE = Scope(("in/mine",))


@pytest.fixture
def library(put, bring, actor):
    """Give three folders of the same files, one mine, each with one thing in the trash."""
    for top in ("mine", "theirs", "minefield"):
        for name in ("a.png", "B.png", "c.png", "trashed/e.png"):
            put(f"{top}/{name}", name.encode())
        put(f"{top}/sub/d.png", b"a.png")
    bring()
    Asset.objects.update(likeness=F("size"))
    for asset in Asset.objects.all():
        AssetVersion.objects.create(asset=asset, content=asset.content, size=asset.size)
    for top in ("mine", "theirs", "minefield"):
        trash_folder(EVERYTHING, actor, tree.find_folder(EVERYTHING, f"in/{top}/trashed").pk)
    return bring


def names(page):
    return [asset.name for asset in page.assets]


def ids_of(top):
    folder = tree.find_folder(EVERYTHING, top)
    asset = reading.find_asset(EVERYTHING, f"{top}/a.png")
    return {"folder_id": folder.pk, "asset_id": asset.pk, "folder": folder, "path": f"{top}/a.png"}


@pytest.mark.req("L1a")
def test_pages_follow_each_other_and_survive_changes(library, actor):
    folder = tree.find_folder(EVERYTHING, "in/mine")
    first = reading.by_name_in(EVERYTHING, folder, size=2)
    trash_assets(EVERYTHING, actor, [first.assets[1].pk])
    second = reading.by_name_in(EVERYTHING, folder, after=first.after, size=2)
    assert (names(first), names(second), second.after) == (["a.png", "B.png"], ["c.png"], "")
    newest = reading.newest_in(EVERYTHING, folder, size=1)
    assert names(newest) + names(reading.newest_in(EVERYTHING, folder, after=newest.after)) == ["c.png", "a.png"]


@pytest.mark.req("L1c")
def test_trash_is_paged(library):
    first = reading.trashed_assets(EVERYTHING, size=2)
    rest = reading.trashed_assets(EVERYTHING, after=first.after, size=2)
    paths = [asset.pk for asset in first.assets + rest.assets]
    assert (len(set(paths)), rest.after) == (3, "")


@pytest.mark.req("L1a")
def test_children_and_counts(library):
    (top,) = tree.children(EVERYTHING)
    assert (top.folder.path, top.assets, top.has_children) == ("in", 0, True)
    below = tree.children(EVERYTHING, top.folder.pk)
    assert [(child.folder.name, child.assets, child.has_children) for child in below] == [
        ("mine", 3, True),
        ("minefield", 3, True),
        ("theirs", 3, True),
    ]
    assert tree.folder_counts(EVERYTHING, below[0].folder.pk) == tree.FolderCounts(1, 3, 4)


@pytest.mark.req("A1a")
def test_narrow_scope_begins_at_its_own_folders(library):
    assert [child.folder.path for child in tree.children(Scope(("in/mine/sub", "in/theirs", "in/mine")))] == [
        "in/mine",
        "in/theirs",
    ]


@pytest.mark.req("L2c")
def test_duplicates(library):
    asset = reading.find_asset(EVERYTHING, "in/mine/a.png")
    assert len(reading.duplicates_of(EVERYTHING, asset.pk)) == 5
    groups, after = reading.duplicate_groups(EVERYTHING, size=2)
    rest, end = reading.duplicate_groups(EVERYTHING, after=after)
    assert (sorted(map(len, groups + rest)), end) == ([3, 3, 6], "")
    mine, _ = reading.duplicate_groups(MINE)
    assert [len(group) for group in mine] == [2]


@pytest.mark.req("L8a")
def test_near_duplicates_come_with_their_distance_nearest_first(put, bring, preparation, photos):
    image = draw("disc", 7)
    image.save(photos / "a.png")
    image.save(photos / "b.jpg", quality=40)
    image.resize((image.width * 2, image.height * 2)).save(photos / "c.png")
    put("other.png", 8)
    Image.new("RGB", (50, 50), "white").save(photos / "plain.png")
    bring()
    asset = reading.find_asset(EVERYTHING, "in/a.png")
    assert likes.near_duplicates(EVERYTHING, asset.pk) == []
    preparation.make_ready(list(Asset.objects.values_list("pk", flat=True)))
    near = likes.near_duplicates(EVERYTHING, asset.pk)
    assert {item.asset.name for item in near} == {"b.jpg", "c.png"}
    assert [item.distance for item in near] == sorted(item.distance for item in near)
    assert len(likes.near_duplicates(EVERYTHING, asset.pk, within=64)) == 3


def test_negative_hashes_are_compared_bit_by_bit(library):
    pks = list(Asset.objects.filter(LIVE).order_by("pk").values_list("pk", flat=True))
    Asset.objects.update(likeness=None)
    for pk, number in zip(pks, (-1, 0, -(2**63), 2**63 - 1), strict=False):
        Asset.objects.filter(pk=pk).update(likeness=number)
    near = likes.near_duplicates(EVERYTHING, pks[0], within=64)
    assert [item.distance for item in near] == [1, 63, 64]


SELECTORS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": function
    for module in (reading, tree, likes)
    for name, function in vars(module).items()
    if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
}
NOT_LISTINGS = {"folders.scope_of"}


def seen_paths(result):
    """Every path in what a selector returned."""
    if isinstance(result, Asset | Folder):
        return {result.path}
    if isinstance(result, AssetVersion):
        return {result.asset.path}
    if result is None or isinstance(result, str | int):
        return set()
    inside = result if hasattr(result, "__iter__") else vars(result).values()
    return set().union(*map(seen_paths, inside))


@pytest.mark.req("A1a")
@pytest.mark.parametrize("name", sorted(SELECTORS.keys() - NOT_LISTINGS))
def test_no_selector_shows_what_lies_outside_the_scope(library, name):
    selector = SELECTORS[name]
    parameters = list(inspect.signature(selector).parameters)
    assert parameters[0] == "scope"
    for top in ("in/mine", "in/theirs", "in/minefield", "in"):
        about = ids_of(top if top != "in" else "in/mine") | ({"path": "in/a.png"} if top == "in" else {})
        if top == "in":
            folder = tree.find_folder(EVERYTHING, "in")
            about |= {"folder": folder, "folder_id": folder.pk}
        if name == "folders.find_folder":
            about["path"] = top
        try:
            result = selector(MINE, **{key: value for key, value in about.items() if key in parameters})
        except NotFoundError:
            assert top != "in/mine"
            continue
        assert all(path.startswith("in/mine/") or path == "in/mine" for path in seen_paths(result)), result


@pytest.mark.req("A1a")
@pytest.mark.parametrize("name", sorted(SELECTORS.keys() - NOT_LISTINGS))
def test_empty_scope_sees_nothing(library, name):
    selector = SELECTORS[name]
    about = ids_of("in/mine")
    parameters = inspect.signature(selector).parameters
    try:
        result = selector(Scope(()), **{key: value for key, value in about.items() if key in parameters})
    except NotFoundError:
        return
    assert seen_paths(result) == set()


@pytest.mark.parametrize(
    "read",
    [
        lambda about: tree.children(EVERYTHING, about["folder_id"]),
        lambda about: tree.folder_counts(EVERYTHING, about["folder_id"]),
        lambda about: names(reading.by_name_in(EVERYTHING, about["folder"])),
        lambda about: [asset.path for asset in reading.newest_in(EVERYTHING, about["folder"]).assets],
        lambda about: [[one.path for one in group] for group in reading.duplicate_groups(EVERYTHING)[0]],
        lambda about: [item.asset.path for item in likes.near_duplicates(EVERYTHING, about["asset_id"])],
    ],
)
def test_as_many_queries_for_many_as_for_few(library, put, django_assert_max_num_queries, read):
    about = ids_of("in/mine")
    for number in range(20):
        put(f"mine/more{number}.png", b"a.png")
        put(f"mine/folder{number}/x.png", b"a.png")
    library()
    with django_assert_max_num_queries(3):
        read(about)


def test_path_that_cannot_be_one_is_not_found(library):
    for path in ("in//1", "in/a\0", "/", "in/../in", "\ud800"):
        with pytest.raises(NotFoundError):
            tree.find_folder(EVERYTHING, path)
        with pytest.raises(NotFoundError):
            reading.find_asset(EVERYTHING, path)
