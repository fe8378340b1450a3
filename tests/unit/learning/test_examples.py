"""A folder per tag becomes teaching examples; limits name every problem, and the same image counts once."""

import os
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.errors import ExamplesError
from tagsmith.learning.examples import Limits, distinct, read_example_tree, repeats, tag_of
from tagsmith.vision.files import Skipped
from tagsmith.vision.stream import Encoded

NOT_SHOWN = "the folder's name is not printable UTF-8 text"
COUNTS = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 9), max_size=6)


def touch(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def read(root):
    """Names of the images by tag, and reasons by what was skipped, all below the root."""
    tree = read_example_tree(root)
    tags = {tag: [path.relative_to(root).as_posix() for path in paths] for tag, paths in tree.tags.items()}
    return tags, {item.path.relative_to(root).as_posix(): item.reason for item in tree.skipped}


def turned(*degrees):
    """Unit vectors at these angles: 15 degrees apart is nearly the same image, 25 degrees is not."""
    return np.array([[np.cos(np.radians(angle)), np.sin(np.radians(angle))] for angle in degrees], np.float32)


def encoded(tag, *degrees):
    """Encoded files of a tag; None stands for a file that cannot be read."""
    names = (Path(f"{tag}{number}") for number in range(len(degrees)))
    return [
        Encoded(name, None, "cut") if angle is None else Encoded(name, turned(angle)[0])
        for name, angle in zip(names, degrees, strict=True)
    ]


def kept(examples):
    return {tag: [str(name) for name in names] for tag, names in examples.names.items()}


def reasons(examples):
    return {str(item.path): item.reason for item in examples.skipped}


def test_folder_is_a_tag(tmp_path):
    touch(tmp_path, "boot/b.png", "boot/a.jpg", "sandal/c.png")
    assert read(tmp_path) == ({"boot": ["boot/a.jpg", "boot/b.png"], "sandal": ["sandal/c.png"]}, {})


def test_nested_folder_is_a_hierarchical_tag(tmp_path):
    touch(tmp_path, "fruit/a.png", "fruit/apple/pink-lady/b.png")
    assert read(tmp_path)[0] == {"fruit": ["fruit/a.png"], "fruit/apple/pink-lady": ["fruit/apple/pink-lady/b.png"]}


def test_loose_image_is_named(tmp_path):
    touch(tmp_path, "a.png", "boot/b.png")
    assert read(tmp_path) == ({"boot": ["boot/b.png"]}, {"a.png": "lies in no tag's folder"})


def test_empty_folder_is_named(tmp_path):
    touch(tmp_path, "boot/a.png", "texts/notes.txt", "hidden/.a.png", "deep/er/.b.png")
    (tmp_path / "empty").mkdir()
    reason = "no images in this folder"
    assert read(tmp_path)[1] == {"empty": reason, "texts": reason, "hidden": reason, "deep/er": reason}


def test_hidden_folder_is_no_tag(tmp_path):
    touch(tmp_path, ".thumbnails/a.png", "boot/.b.png", "boot/c.png")
    assert read(tmp_path) == ({"boot": ["boot/c.png"]}, {})


def test_folder_with_a_colon_is_named(tmp_path):
    touch(tmp_path, "shoes:boot/a.png")
    assert read(tmp_path) == ({}, {"shoes:boot/a.png": "a tag's name cannot hold ':'"})


def test_folder_whose_name_is_not_utf8_is_named(tmp_path):
    folder = os.fsdecode(b"caf\xe9")
    touch(tmp_path, f"{folder}/a.png")
    assert read(tmp_path) == ({}, {f"{folder}/a.png": NOT_SHOWN})


@pytest.mark.parametrize("name", ["two\nlines", "bell\a", "line\u2028end"])
def test_folder_whose_name_breaks_a_line_is_named(tmp_path, name):
    touch(tmp_path, f"{name}/a.png")
    assert read(tmp_path) == ({}, {f"{name}/a.png": NOT_SHOWN})


@pytest.mark.parametrize("name", ["赤い　靴", "می\u200cشود", "👩\u200d🚀", "Größe 42", "non\u00a0breaking"])
def test_name_in_any_script_is_a_tag(tmp_path, name):
    touch(tmp_path, f"{name}/a.png")
    assert read(tmp_path) == ({name: [f"{name}/a.png"]}, {})


def test_accents_are_composed(tmp_path):
    touch(tmp_path, unicodedata.normalize("NFD", "café/a.png"))
    assert list(read(tmp_path)[0]) == [unicodedata.normalize("NFC", "café")]


def test_tag_of_an_image_is_its_folder():
    assert tag_of(Path("root/fruit/apple/a.png"), Path("root")) == "fruit/apple"


def test_link_out_of_the_tree_is_named(tmp_path):
    touch(tmp_path, "outside.png", "tree/boot/a.png")
    (tmp_path / "tree/boot/b.png").symlink_to(tmp_path / "outside.png")
    reason = "a link that leads out of the folder is not followed"
    assert read(tmp_path / "tree") == ({"boot": ["boot/a.png"]}, {"boot/b.png": reason})


def test_link_to_a_folder_is_no_tag(tmp_path):
    touch(tmp_path, "boot/a.png")
    (tmp_path / "again").symlink_to("boot")
    assert read(tmp_path) == ({"boot": ["boot/a.png"]}, {"again": "a link to a folder is not followed"})


def test_missing_folder_is_refused(tmp_path):
    with pytest.raises(ExamplesError, match="nowhere: no such folder"):
        read_example_tree(tmp_path / "nowhere")


def test_file_is_no_folder_of_examples(tmp_path):
    touch(tmp_path, "a.png")
    with pytest.raises(ExamplesError, match=r"a\.png: not a folder"):
        read_example_tree(tmp_path / "a.png")


@pytest.mark.req("M1a")
@pytest.mark.parametrize("count", [0, 1, 51])
def test_number_of_tags_out_of_bounds_is_named(count):
    with pytest.raises(ExamplesError, match=f"^{count} tags?; a tag model has 2 to 50$"):
        Limits().check({f"tag {number}": 30 for number in range(count)})


@pytest.mark.req("M1a", "M1b")
@pytest.mark.parametrize(("tags", "examples"), [(2, 10), (50, 50)])
def test_limits_themselves_are_allowed(tags, examples):
    Limits().check({f"tag {number}": examples for number in range(tags)})


@pytest.mark.req("M1b")
@pytest.mark.parametrize("count", [0, 9, 51])
def test_number_of_examples_out_of_bounds_is_named_with_its_tag(count):
    with pytest.raises(ExamplesError, match=f"^boot: {count} different examples; a tag needs 10 to 50$"):
        Limits().check({"boot": count, "sandal": 30})


@pytest.mark.req("M1a", "M1b")
def test_all_problems_are_named_at_once():
    with pytest.raises(ExamplesError) as raised:
        Limits(max_tags=2).check({"boot": 9, "sandal": 30, "clog": 51})
    assert [line.split(";")[0] for line in str(raised.value).splitlines()] == [
        "3 tags",
        "boot: 9 different examples",
        "clog: 51 different examples",
    ]


@pytest.mark.req("M1d")
def test_limits_can_be_changed():
    limits = Limits(min_tags=1, max_tags=3, min_examples=2, max_examples=4)
    limits.check({"boot": 2})
    limits.check({"boot": 4, "sandal": 3, "clog": 2})
    with pytest.raises(ExamplesError, match="boot: 5 different examples; a tag needs 2 to 4"):
        limits.check({"boot": 5})


@pytest.mark.req("M1a", "M1b", "M1d")
@given(COUNTS, st.integers(0, 3), st.integers(0, 4))
def test_every_tag_out_of_bounds_and_no_other_is_named(counts, fewest, least):
    limits = Limits(min_tags=fewest, max_tags=fewest + 2, min_examples=least, max_examples=least + 3)
    wrong = [f"{tag}: {count} d" for tag, count in counts.items() if not least <= count <= least + 3]
    if not fewest <= len(counts) <= fewest + 2:
        wrong.insert(0, f"{len(counts)} tag")
    try:
        limits.check(counts)
        message = ""
    except ExamplesError as error:
        message = str(error)
    assert all(part in message for part in wrong)
    assert message.count("; a tag ") == len(wrong)


@pytest.mark.req("M1c")
def test_repeats_say_which_image_came_first():
    assert repeats(turned(0, 90, 15, 90)) == {2: 0, 3: 1}


@pytest.mark.req("M1c")
def test_chain_of_alike_images_is_not_one_image():
    assert repeats(turned(0, 15, 30)) == {1: 0}


@pytest.mark.req("M1c")
def test_brightness_of_a_vector_does_not_make_another_image():
    assert repeats(turned(0, 0) * np.array([[1], [7]], np.float32)) == {1: 0}


@pytest.mark.req("M1c")
def test_nearly_the_same_image_counts_once_with_the_reason():
    examples = distinct({"boot": encoded("boot", 0, 15, 40), "clog": encoded("clog", 90)}, exclusive=True)
    assert kept(examples) == {"boot": ["boot0", "boot2"], "clog": ["clog0"]}
    assert reasons(examples) == {"boot1": "nearly the same image as boot0"}


@pytest.mark.req("L3c")
def test_unreadable_example_is_left_out_with_the_reason():
    examples = distinct({"boot": encoded("boot", 0, None, 40), "clog": encoded("clog", 90)}, exclusive=True)
    assert kept(examples) == {"boot": ["boot0", "boot2"], "clog": ["clog0"]}
    assert examples.skipped == [Skipped(Path("boot1"), "cut")]


@pytest.mark.req("L3c", "M1b")
def test_tag_without_a_readable_example_counts_none():
    examples = distinct({"boot": encoded("boot", None), "clog": encoded("clog", 90)}, exclusive=True)
    assert kept(examples) == {"boot": [], "clog": ["clog0"]}


@pytest.mark.req("M2a")
def test_image_under_a_second_tag_of_an_exclusive_model_is_refused_with_the_first():
    examples = distinct({"boot": encoded("boot", 0, 40), "clog": encoded("clog", 90, 40)}, exclusive=True)
    assert kept(examples) == {"boot": ["boot0", "boot1"], "clog": ["clog0"]}
    assert reasons(examples) == {
        "clog1": "already teaches boot as boot1; an image teaches one tag of an exclusive model"
    }


@pytest.mark.req("M2a")
def test_similar_image_may_teach_a_sibling_tag():
    examples = distinct({"boot": encoded("boot", 0), "clog": encoded("clog", 15)}, exclusive=True)
    assert kept(examples) == {"boot": ["boot0"], "clog": ["clog0"]}


@pytest.mark.req("M2b")
def test_image_may_teach_several_independent_tags():
    examples = distinct({"red": encoded("red", 0, 40), "leather": encoded("leather", 90, 40)}, exclusive=False)
    assert kept(examples) == {"red": ["red0", "red1"], "leather": ["leather0", "leather1"]}
    assert examples.skipped == []


@pytest.mark.req("M2b")
def test_image_of_several_tags_is_one_row_with_all_of_them():
    examples = distinct({"red": encoded("red", 0, 40), "leather": encoded("leather", 90, 40)}, exclusive=False)
    X, Y = examples.as_matrices()
    np.testing.assert_allclose(X, turned(0, 40, 90))
    assert Y.tolist() == [[True, False], [True, True], [False, True]]
    assert examples.tags == ["red", "leather"]
