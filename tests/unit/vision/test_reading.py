"""An encoder that reads puts a text near the images that show what it says; its files are obtained only when needed."""

import hashlib
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tagsmith.errors import EncoderError
from tagsmith.vision.encoders import ENCODERS, find_encoder, read_local_encoder, text_half_of
from tagsmith.vision.facts import Encoder, Network, Outputs, TextHalf, View
from tagsmith.vision.session import EncoderSession
from tagsmith.vision.sources import HubFile
from unit.vision.onnx_files import described, network
from unit.vision.text_files import SEEN, TEXT, echo_network, reading, text_network, tokenizer

pytestmark = pytest.mark.req("S7b")
RED, GREEN, DARK = (Image.new("RGB", (64, 64), colour) for colour in ((250, 20, 30), (20, 240, 40), (3, 3, 3)))
HALF = TextHalf(HubFile("owner/tiny", "onnx/text_model.onnx"), HubFile("owner/tiny", "tokenizer.json"), "meaning", 6)
FILES = {"onnx/model.onnx": network(SEEN), "onnx/text_model.onnx": text_network(), "tokenizer.json": tokenizer()}


def session(folder, text=b"", **facts):
    return EncoderSession(read_local_encoder(reading(folder, text, **facts)), folder / "cache")


def echoed(folder, text, *inputs, ids=np.int64, **facts):
    """Return the ids of up to 4 tokens that a network was given, a hundred more where its mask was 1; as ratios."""
    made = session(folder, echo_network(*inputs or ("input_ids",), ids=ids), length=4, **facts).read(text)
    return ratios(*made.vector.astype(float)), made.is_cut


def ratios(*numbers):
    return np.round(np.array(numbers) / max(numbers), 3).tolist()


def refusal(folder, text=b"", **facts):
    with pytest.raises(EncoderError) as raised:
        session(folder, text, **facts).read("red")
    return str(raised.value)


def test_text_is_near_what_it_says(tmp_path):
    made = session(tmp_path)
    vectors = {name: made.encode(image) for name, image in (("red", RED), ("green", GREEN), ("dark", DARK))}
    for said in vectors:
        vector = made.read(said).vector
        assert max(vectors, key=lambda shown: vectors[shown] @ vector) == said
        assert (vector.shape, vector.dtype, np.linalg.norm(vector)) == ((4,), np.float32, pytest.approx(1))


def test_text_is_scaled_as_images_are(tmp_path):
    file = reading(tmp_path)
    rooted = replace(read_local_encoder(file).views[0].network, outputs=Outputs("embedding", square_root=True))
    encoder = replace(read_local_encoder(file), views=(View(rooted, 64, 4),))
    expected = np.sqrt([1, 0.5, 0.5, 0.01]) * [1, -1, -1, 1]
    assert EncoderSession(encoder, tmp_path).read("red").vector == pytest.approx(expected / np.linalg.norm(expected))


def test_tokens_are_filled_up_to_the_length_with_what_the_facts_say_not_the_tokenizer(tmp_path):
    assert echoed(tmp_path, "red", padding=9) == (ratios(3, 2, 9, 9), False)
    assert echoed(tmp_path, "red", padding=0) == (ratios(3, 2, 0, 0), False)


def test_tokens_are_not_filled_where_the_facts_say_nothing(tmp_path):
    short = session(tmp_path)
    filled = session(tmp_path / "filled", padding=6)  # what fills counts here
    assert short.read("red").vector[3] > 0 > filled.read("red").vector[3]


def test_long_text_is_cut_before_its_end_token_and_says_so(tmp_path):
    assert echoed(tmp_path, "red green blue red green", padding=0) == (ratios(3, 4, 5, 2), True)
    assert echoed(tmp_path, "red green blue", padding=0) == (ratios(3, 4, 5, 2), False)


def test_mask_tells_text_from_padding(tmp_path):
    found, _ = echoed(tmp_path, "red", "ids", "mask", input="ids", mask="mask", padding=0)
    assert found == ratios(103, 102, 0, 0)


def test_capital_letters_are_lowered_only_where_the_facts_say_so(tmp_path):
    assert echoed(tmp_path, "RED", padding=0, lower_case=True) == (ratios(3, 2, 0, 0), False)
    assert echoed(tmp_path, "RED", padding=0) == (ratios(1, 2, 0, 0), False)


def test_network_may_take_short_numbers(tmp_path):
    assert echoed(tmp_path, "red", ids=np.int32, padding=0) == (ratios(3, 2, 0, 0), False)


def test_text_half_is_loaded_when_a_text_is_first_read_and_kept(tmp_path):
    made = session(tmp_path)
    assert not made.must_download_to_read
    first = made.read("red").vector
    for name in ("text.onnx", "tokenizer.json"):
        (tmp_path / name).unlink()
    assert made.read("red").vector.tobytes() == first.tobytes()


def test_images_are_seen_without_the_text_half(tmp_path):
    file = reading(tmp_path)
    (tmp_path / "text.onnx").unlink()
    assert EncoderSession(read_local_encoder(file), tmp_path).encode(RED) is not None


def test_texts_are_read_from_two_threads_at_once(tmp_path):
    made, texts, start = session(tmp_path), ["red", "green dark", "blue", "dark"] * 5, threading.Barrier(2)

    def all_of_them(_):
        start.wait()
        return [made.read(text).vector.tobytes() for text in texts]

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(all_of_them, range(2))
    assert one == other == [made.read(text).vector.tobytes() for text in texts]


def test_text_half_does_not_change_the_id(tmp_path):
    with_text = read_local_encoder(reading(tmp_path / "one")).id
    (tmp_path / "two").mkdir()
    assert read_local_encoder(described(tmp_path / "two", network(SEEN), name="colours")).id == with_text


def test_encoder_without_a_text_half_says_so(tmp_path):
    with pytest.raises(EncoderError, match=r"^tiny does not read text$"):
        EncoderSession(read_local_encoder(described(tmp_path)), tmp_path).read("red")


def test_encoder_of_several_views_has_no_text_half(tmp_path):
    (view,) = read_local_encoder(reading(tmp_path)).views
    with pytest.raises(EncoderError, match="an encoder of 2 views cannot read text"):
        Encoder("both", (view, view), text=HALF)


@pytest.mark.parametrize(
    ("text", "facts", "reason"),
    [
        (b"no network", {}, "text.onnx: not an ONNX network that can be loaded"),
        (b"", {"network": "none.onnx"}, "none.onnx: no such file"),
        (b"", {"tokenizer": "none.json"}, "none.json: No such file"),
        (b"", {"tokenizer": "tiny.json"}, "tiny.json: not a tokenizer that can be read"),
        (b"", {"input": "ids"}, "text.onnx: its inputs are ['input_ids'], not ['ids']"),
        (b"", {"mask": "mask"}, "text.onnx: its inputs are ['input_ids'], not ['input_ids', 'mask']"),
        (b"", {"output": "text"}, "text.onnx: it has no output 'text'; there are ['meaning']"),
        (text_network(np.eye(9, 5, dtype=np.float32)), {}, "'meaning' gave (1, 5), not (1, 4), as images have"),
        (text_network(np.full((9, 4), np.inf, np.float32)), {}, "'meaning' gave numbers that are not finite"),
        (echo_network("input_ids", ids=np.float32), {}, "'input_ids' is a tensor(float), which no ids fit"),
        (b"", {"padding": 99}, "text.onnx: cannot run on 2 tokens"),
    ],
)
def test_text_half_that_is_not_as_described_is_named(text, facts, reason, tmp_path):
    assert reason in refusal(tmp_path, text, **facts)


def test_missing_package_is_named_before_anything_is_downloaded(tmp_path, monkeypatch, hub):
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    assert "pip install 'tagsmith[hub]'" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("red", "the field 'text' must be one JSON object"),
        ({"network": "x"}, "the field 'text.tokenizer' is missing"),
        (TEXT | {"width": 3}, "the field 'text.width' is unknown; there are network, tokenizer, "),
        (TEXT | {"length": 0}, "the field 'text.length' must be a whole number above 0"),
        (TEXT | {"length": True}, "the field 'text.length' must be a whole number above 0"),
        (TEXT | {"padding": -1}, "the field 'text.padding' must be the id of a token, or null"),
        (TEXT | {"padding": True}, "the field 'text.padding' must be the id of a token, or null"),
        (TEXT | {"lower_case": 1}, "the field 'text.lower_case' must be true or false"),
        (TEXT | {"network": None}, "the field 'text.network' must be a text"),
    ],
)
def test_wrong_field_of_the_text_half_is_named(text, reason, tmp_path):
    file = described(tmp_path, text=text)
    with pytest.raises(EncoderError) as raised:
        read_local_encoder(file)
    assert str(raised.value).startswith(f"{file.with_suffix('.json')}: {reason}")
    assert text_half_of(str(file)) is None


def test_every_field_of_a_local_text_half_is_read(tmp_path):
    facts = {"padding": 5, "lower_case": True, "input": "ids", "mask": "mask", "licence": "MIT"}
    encoder = read_local_encoder(reading(tmp_path, **facts))
    assert encoder.text == TextHalf(tmp_path / "text.onnx", tmp_path / "tokenizer.json", "meaning", 6, **facts)
    assert encoder.licence == "MIT, unknown"


def test_whether_an_encoder_reads_is_told_without_opening_its_network(tmp_path):
    file = reading(tmp_path)
    file.unlink()
    assert text_half_of(str(file)).network == tmp_path / "text.onnx"
    assert text_half_of(str(tmp_path / "none.onnx")) is text_half_of("") is None
    found = {encoder.name for encoder in ENCODERS if text_half_of(encoder.name) == text_half_of(encoder.id) is not None}
    assert found == {"siglip2-base", "mobileclip-s2"}


def test_what_is_downloaded_to_read_is_what_the_model_cards_say():
    halves = {encoder.name: encoder.text for encoder in ENCODERS if encoder.text}
    facts = {name: (half.output, half.length, half.padding, half.lower_case) for name, half in halves.items()}
    assert facts == {"siglip2-base": ("pooler_output", 64, 0, True), "mobileclip-s2": ("text_embeds", 77, 0, True)}
    for name, half in halves.items():
        (view,) = find_encoder(name).views
        assert {half.network.repository, half.tokenizer.repository} == {view.network.source.repository}
        assert (half.network.file, half.tokenizer.file) == ("onnx/text_model.onnx", "tokenizer.json")


@pytest.fixture
def downloaded(hub, monkeypatch):
    """Give an encoder on a hub that is on this machine."""
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.endpoint)
    template = f"{hub.endpoint}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", template)
    hub.files |= {f"/owner/tiny/resolve/main/{name}": content for name, content in FILES.items()}
    source = Network("tiny", HubFile("owner/tiny", "onnx/model.onnx"), Outputs("embedding"))
    return Encoder("tiny", (View(source, 64, 4),), text=HALF)


def test_text_half_is_downloaded_when_a_text_is_first_read_and_needs_no_network_later(downloaded, hub, tmp_path):
    made = EncoderSession(downloaded, tmp_path)
    assert (downloaded.is_here(tmp_path), made.must_download_to_read) == (True, True)
    vector = made.read("red").vector
    assert (HALF.is_elsewhere(tmp_path), made.must_download_to_read) == (False, False)
    hub.answers = False
    assert EncoderSession(downloaded, tmp_path).read("red").vector.tobytes() == vector.tobytes()
    assert hashlib.sha256(FILES["onnx/model.onnx"]).hexdigest()[:12] in made.encoder.id


def test_text_half_that_the_hub_lacks_is_named_and_images_are_still_seen(downloaded, hub, tmp_path):
    del hub.files["/owner/tiny/resolve/main/onnx/text_model.onnx"]
    made = EncoderSession(downloaded, tmp_path)
    with pytest.raises(EncoderError, match=r"^owner/tiny/onnx/text_model\.onnx cannot be downloaded: 404 "):
        made.read("red")
    assert made.encode(RED) is not None


def test_text_half_that_came_to_the_hub_later_is_read_without_loading_the_encoder_anew(downloaded, hub, tmp_path):
    network_file = hub.files.pop("/owner/tiny/resolve/main/onnx/text_model.onnx")
    made = EncoderSession(downloaded, tmp_path)
    with pytest.raises(EncoderError):
        made.read("red")
    hub.files["/owner/tiny/resolve/main/onnx/text_model.onnx"] = network_file
    assert made.read("red").vector is not None
