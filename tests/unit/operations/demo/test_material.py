from pathlib import Path

import pytest

from drawings import draw_tree
from tagsmith.errors import BadInputError
from tagsmith.learning.examples import Limits
from tagsmith.operations.demo.material import own_material, plan_lessons

pytestmark = pytest.mark.req("A6f")


def images(tag, count):
    return [Path(tag, f"{number}.jpg") for number in range(count)]


def planned(share=1.0, **counts):
    tags = {key.replace("_", "/"): images(key, count) for key, count in counts.items()}
    lessons, few = plan_lessons(tags, "Photos", Limits(), share=share)
    return {lesson.title: lesson for lesson in lessons}, few


def test_tags_without_parent_are_one_lesson_that_those_below_teach_too():
    lessons, few = planned(animals_cat=12, animals_dog=12, vehicles=15)
    assert {title: list(lesson.examples) for title, lesson in lessons.items()} == {
        "Photos": ["animals", "vehicles"],
        "Kinds of animals": ["animals/cat", "animals/dog"],
    }
    assert len(lessons["Photos"].examples["animals"]) == 24
    assert few == []


def test_tags_with_too_few_images_are_named_and_not_taught():
    lessons, few = planned(hat=9, boot=10, sock=10)
    assert list(lessons["Photos"].examples) == ["boot", "sock"]
    assert few == [("hat", 9)]


@pytest.mark.parametrize(("count", "examples"), [(10, 10), (15, 12), (30, 20), (100, 30)])
def test_some_photos_of_each_tag_are_left_to_be_tagged(count, examples):
    lessons, _ = planned(2 / 3, hat=count, boot=count)
    assert [len(found) for found in lessons["Photos"].examples.values()] == [examples, examples]


def test_same_photos_teach_every_time():
    first, second = (planned(2 / 3, hat=50, boot=50)[0]["Photos"].examples for _ in range(2))
    assert first == second


def test_photos_that_cannot_be_used_are_named(tmp_path):
    draw_tree(tmp_path / "photos", ("disc", "star"), 3)
    with pytest.raises(BadInputError, match=r"photos/disc: 3 photos; a tag needs 10 examples"):
        own_material(tmp_path / "photos", Limits())
