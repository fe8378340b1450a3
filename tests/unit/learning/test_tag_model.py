"""Teach with image files, tag image files: what a user of the library sees."""

import itertools
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tagsmith.errors import EncoderError, ExamplesError, ImageError, ModelFileError, NotTrainedError
from tagsmith.learning.examples import Limits
from tagsmith.learning.tag_model import BLOCK, TagModel
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.encoders import find_encoder
from tagsmith.vision.stream import WINDOW
from unit.learning.pictures import SHAPES, draw
from unit.vision.onnx_files import described, network

FEW = Limits(min_examples=2)
COLOURS = {
    "warm": [(255, 0, 0), (255, 255, 0), (255, 127, 0)],
    "cold": [(0, 0, 255), (0, 255, 255), (0, 127, 255)],
}


@pytest.fixture(scope="module")
def taught_with(tmp_path_factory):
    return draw(tmp_path_factory.mktemp("teach"), 12)


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Pictures of the same shapes that no model has seen."""
    return draw(tmp_path_factory.mktemp("photos"), 6, first=50)


@pytest.fixture(scope="module")
def model(taught_with, encoder_cache):
    return TagModel(encoder="fast", cache=encoder_cache).fit(taught_with)


@pytest.fixture(scope="module")
def strangers(tmp_path_factory):
    """Noise, black, and a gradient: none of the shapes."""
    folder = tmp_path_factory.mktemp("strangers")
    ramp = np.tile(np.linspace(0, 255, 128, dtype=np.uint8), (128, 1))
    pictures = [Image.effect_noise((128, 128), 80), Image.new("L", (128, 128)), Image.fromarray(ramp)]
    for number, picture in enumerate(pictures):
        picture.save(folder / f"{number}.png")
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def colours(tmp_path_factory):
    """Files of plain colours by tag."""
    folder = tmp_path_factory.mktemp("colours")
    files = {tag: [folder / f"{tag}{number}.png" for number in range(len(own))] for tag, own in COLOURS.items()}
    for tag, own in COLOURS.items():
        for file, colour in zip(files[tag], own, strict=True):
            Image.new("RGB", (8, 8), colour).save(file)
    return files


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """Settings of a model whose encoder takes no time, as it sees but the mean colour."""
    folder = tmp_path_factory.mktemp("tiny")
    encoder = described(folder, network(np.eye(3, dtype=np.float32)), dimension=3)
    return {"encoder": str(encoder), "cache": folder, "limits": FEW}


@pytest.fixture
def broken(tmp_path):
    file = tmp_path / "broken.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n")
    return file


def all_of(files):
    return [file for own in files.values() for file in own]


def tags_of(tagged):
    return [tuple(tag.tag for tag in item.tags) for item in tagged]


@pytest.mark.req("A6e")
def test_taught_shapes_are_recognised(model, photos):
    shapes = np.repeat(list(photos), [len(own) for own in photos.values()])
    assert (model.predict(all_of(photos)) == shapes).mean() > 0.9


@pytest.mark.req("A6e")
def test_probabilities_add_up_to_one(model, photos):
    probabilities = model.predict_proba(all_of(photos))
    assert probabilities.shape == (18, 3)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


@pytest.mark.req("A6e")
def test_probabilities_are_in_the_order_of_the_tags(model, photos):
    assert model.tags_ == sorted(SHAPES)
    best = model.predict_proba(photos["star"]).mean(axis=0).argmax()
    assert model.tags_[best] == "star"


@pytest.mark.req("A6e")
def test_paths_may_be_text(model, photos):
    texts = [str(path) for path in photos["disc"]]
    assert model.predict(texts).tolist() == model.predict(photos["disc"]).tolist()


@pytest.mark.req("A6e")
def test_no_images_have_no_tags(model):
    assert model.predict([]).tolist() == []
    assert model.predict_proba([]).shape == (0, 3)
    assert list(model.tag([])) == []


@pytest.mark.req("L3c")
def test_prediction_of_an_unreadable_file_names_it(model, photos, broken):
    with pytest.raises(ImageError, match=r"broken\.png: "):
        model.predict([*photos["disc"], broken])


@pytest.mark.req("M5a")
def test_each_image_has_one_tag_or_none(model, photos, strangers):
    counts = {len(tags) for tags in tags_of(model.tag([*all_of(photos), *strangers]))}
    assert counts == {0, 1}


@pytest.mark.req("M6a")
def test_image_of_none_of_the_tags_has_none_but_a_best_one(model, strangers):
    tagged = list(model.tag(strangers))
    assert tags_of(tagged) == [(), (), ()]
    assert all(item.best.tag in SHAPES and item.best.confidence < 0.5 for item in tagged)


@pytest.mark.req("L3c")
def test_unreadable_file_has_its_reason_and_the_others_their_tags(model, photos, broken, tmp_path):
    first, second, missing, last = model.tag([photos["disc"][0], broken, tmp_path / "missing.png", photos["disc"][1]])
    assert (second.path, second.tags, second.best, second.error) == (broken, (), None, "truncated")
    assert missing.error == "no such file"
    assert [item.best.tag for item in (first, last)] == ["disc", "disc"]


def test_tags_come_in_the_order_of_the_paths(colours, tiny):
    model = TagModel(**tiny).fit(colours)
    paths = [colours["warm"][0], colours["cold"][0]] * BLOCK
    assert [item.path for item in model.tag(paths)] == paths


def test_many_photos_are_read_only_a_block_ahead(colours, tiny):
    model = TagModel(**tiny, workers=2).fit(colours)
    read = itertools.count()
    tagged = model.tag(path for path in colours["warm"] * BLOCK if next(read) >= 0)
    next(tagged)
    assert next(read) <= BLOCK + 2 * WINDOW
    tagged.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("encode")]


def test_progress_hears_of_every_file(colours, tiny):
    heard = []
    model = TagModel(**tiny).fit(colours, library=colours["warm"][:1], progress=lambda item: heard.append(item.path))
    assert heard == [*colours["cold"], *colours["warm"], colours["warm"][0]]
    list(model.tag(colours["cold"], progress=lambda item: heard.append(item.path)))
    assert heard[-3:] == colours["cold"]


@pytest.mark.req("M1a")
def test_single_tag_is_refused_before_any_file_is_read(tiny):
    with pytest.raises(ExamplesError, match="1 tag; a tag model has 2 to 50"):
        TagModel(**tiny).fit({"boot": ["missing.png"] * 10})


@pytest.mark.req("M1b")
def test_too_few_files_are_refused_by_tag_and_count(taught_with, encoder_cache):
    few = {**taught_with, "star": taught_with["star"][:9]}
    with pytest.raises(ExamplesError, match=r"^star: 9 different examples; a tag needs 10 to 50$"):
        TagModel(encoder="fast", cache=encoder_cache).fit(few)


@pytest.mark.req("M1b", "M1c")
def test_copies_do_not_make_up_for_missing_examples(taught_with, encoder_cache, tmp_path):
    copies = [shutil.copy(taught_with["star"][0], tmp_path / f"copy{number}.png") for number in range(3)]
    padded = {**taught_with, "star": [*taught_with["star"][:9], *copies]}
    with pytest.raises(ExamplesError, match="star: 9 different examples"):
        TagModel(encoder="fast", cache=encoder_cache).fit(padded)


@pytest.mark.req("M1c")
def test_same_picture_in_another_format_and_size_counts_once(taught_with, encoder_cache, tmp_path):
    with Image.open(taught_with["lines"][0]) as picture:
        picture.save(tmp_path / "saved again.jpg", quality=95)
        picture.resize((picture.width * 3 // 4, picture.height * 3 // 4)).save(tmp_path / "smaller.png")
    again = sorted(tmp_path.iterdir())
    model = TagModel(encoder="fast", cache=encoder_cache)
    model.fit({**taught_with, "lines": [*taught_with["lines"], *again]})
    assert {item.path: item.reason for item in model.examples_.skipped} == dict.fromkeys(
        again, f"nearly the same image as {taught_with['lines'][0]}"
    )


@pytest.mark.req("M1d")
def test_limits_can_be_changed(colours, tiny):
    assert TagModel(**tiny).fit(colours).tags_ == ["cold", "warm"]
    with pytest.raises(ExamplesError, match="cold: 3 different examples; a tag needs 4 to 5"):
        TagModel(**{**tiny, "limits": Limits(min_examples=4, max_examples=5)}).fit(colours)


@pytest.mark.req("M1b", "L3c")
def test_unreadable_example_is_listed_and_not_counted(colours, tiny, broken):
    model = TagModel(**tiny).fit({**colours, "warm": [*colours["warm"], broken]})
    assert [(item.path, item.reason) for item in model.examples_.skipped] == [(broken, "truncated")]
    assert {tag: len(names) for tag, names in model.examples_.names.items()} == {"cold": 3, "warm": 3}


@pytest.mark.req("L3c")
def test_unreadable_file_of_the_library_is_passed_over(colours, tiny, broken):
    assert TagModel(**tiny).fit(colours, library=[broken, colours["warm"][0]]).tags_ == ["cold", "warm"]


@pytest.mark.req("M2a")
def test_image_under_two_tags_of_an_exclusive_model_teaches_the_first(colours, tiny):
    shared = colours["cold"][0]
    model = TagModel(**tiny).fit({**colours, "warm": [*colours["warm"], shared]})
    (skipped,) = model.examples_.skipped
    assert skipped.path == shared
    assert skipped.reason.startswith(f"already teaches cold as {shared}")


@pytest.mark.req("M2b", "M5b")
def test_image_under_two_independent_tags_teaches_both(colours, tiny):
    both = {**colours, "plain": all_of(colours)}
    model = TagModel(**tiny, exclusive=False).fit(both)
    assert model.examples_.skipped == []
    assert {tag.tag: tag.examples for tag in model.classifier_.quality_.tags} == {"cold": 3, "plain": 6, "warm": 3}


@pytest.mark.req("M5b")
def test_independent_tags_add_up_the_most_confident_first(colours, tiny):
    model = TagModel(**tiny, exclusive=False, target_precision=0.5, prevalence=0.9)
    model.fit({**colours, "plain": all_of(colours)})
    assert tags_of(model.tag([colours["cold"][0], colours["warm"][0]])) == [("plain", "cold"), ("plain", "warm")]


@pytest.mark.req("M11a")
def test_evaluation_counts_unknown_tags_as_strangers(model, photos, strangers):
    quality = model.evaluate({**photos, "nothing": strangers}).quality
    assert (quality.images, quality.strangers) == (21, 3)
    assert (quality.false_tags.hits, quality.false_tags.trials) == (0, 3)
    assert quality.choice.value > 0.9
    assert [tag.tag for tag in quality.tags] == model.tags_


@pytest.mark.req("M11a", "L3c")
def test_evaluation_lists_what_it_could_not_read(model, photos, broken):
    evaluation = model.evaluate({"disc": [*photos["disc"], broken]})
    assert [(item.path, item.reason) for item in evaluation.unreadable] == [(broken, "truncated")]
    assert evaluation.quality.images == 6


@pytest.mark.req("M11a")
def test_evaluation_of_nothing_is_refused(model, broken):
    with pytest.raises(ExamplesError, match="no labelled image could be read"):
        model.evaluate({"disc": [broken]})


@pytest.mark.req("M11a", "M5b")
def test_evaluation_of_independent_tags_takes_an_image_under_two_tags_as_one(colours, tiny):
    both = {**colours, "plain": all_of(colours)}
    quality = TagModel(**tiny, exclusive=False).fit(both).evaluate(both).quality
    assert quality.images == 6
    assert [tag.recall.trials for tag in quality.tags] == [3, 6, 3]


@pytest.mark.req("M11a")
def test_quality_is_told_without_labelled_images(model):
    assert {tag.tag: tag.examples for tag in model.classifier_.quality_.tags} == dict.fromkeys(SHAPES, 12)


@pytest.mark.req("M15a")
def test_saved_model_says_the_same(model, photos, strangers, encoder_cache, tmp_path):
    model.save(tmp_path / "shapes.tagsmith")
    loaded = TagModel.load(tmp_path / "shapes.tagsmith", cache=encoder_cache)
    paths = [*all_of(photos), *strangers]
    assert list(loaded.tag(paths)) == list(model.tag(paths))
    assert loaded.predict_proba(paths).tobytes() == model.predict_proba(paths).tobytes()
    assert loaded.tags_ == model.tags_


@pytest.mark.req("M15a")
def test_settings_come_back(colours, tiny, tmp_path):
    settings = {"exclusive": False, "target_precision": 0.7, "prevalence": 0.4}
    TagModel(**tiny, **settings).fit(colours).save(tmp_path / "model")
    loaded = TagModel.load(tmp_path / "model")
    assert {name: getattr(loaded, name) for name in settings} == settings


@pytest.mark.req("L3c")
def test_limits_on_files_reach_the_decoder(colours, tiny):
    model = TagModel(**tiny).fit(colours)
    model.decode_limits = DecodeLimits(max_pixels=10)
    assert [item.error for item in model.tag(colours["warm"][:1])] == ["64 pixels; the limit is 10"]


@pytest.mark.req("M15a")
def test_loaded_model_can_be_saved_again(model, encoder_cache, tmp_path):
    model.save(tmp_path / "first")
    TagModel.load(tmp_path / "first", cache=encoder_cache).save(tmp_path / "second")
    third = TagModel.load(tmp_path / "second", cache=encoder_cache)
    assert third.encoder_id_ == model.encoder_id_
    names = model.examples_.names
    assert third.examples_.names == {tag: [Path(name.name) for name in names[tag]] for tag in names}


@pytest.mark.req("M15b")
def test_model_is_refused_with_another_encoder(model, photos, tiny, tmp_path):
    model.save(tmp_path / "shapes.tagsmith")
    loaded = TagModel.load(tmp_path / "shapes.tagsmith", encoder=tiny["encoder"], cache=tiny["cache"])
    with pytest.raises(EncoderError) as raised:
        loaded.predict(photos["disc"])
    assert find_encoder("fast").id in str(raised.value)
    assert find_encoder(tiny["encoder"]).id in str(raised.value)


@pytest.mark.req("M15b")
def test_model_of_a_local_encoder_asks_for_its_file(colours, tiny, tmp_path):
    TagModel(**tiny).fit(colours).save(tmp_path / "model")
    with pytest.raises(EncoderError, match="no encoder 'tiny'"):
        TagModel.load(tmp_path / "model").predict(colours["warm"])
    known = TagModel.load(tmp_path / "model", encoder=tiny["encoder"], cache=tiny["cache"])
    assert known.predict(colours["warm"][:1]).tolist() == ["warm"]


@pytest.mark.req("M15b")
def test_file_that_is_no_model_is_refused(photos):
    with pytest.raises(ModelFileError, match=r"50\.png: not a tag model file"):
        TagModel.load(photos["disc"][0])


@pytest.mark.req("A6e")
@pytest.mark.parametrize("call", ["predict", "predict_proba"])
def test_asked_before_fit_says_so(call, photos):
    with pytest.raises(NotTrainedError, match="TagModel instance is not fitted yet"):
        getattr(TagModel(), call)(photos["disc"])


def test_unknown_encoder_is_refused():
    with pytest.raises(EncoderError, match="no encoder 'best'"):
        TagModel(encoder="best", limits=FEW).fit({"a": ["a.png"] * 2, "b": ["b.png"] * 2})
