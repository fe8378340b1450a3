"""Weights become one whole ONNX file on this machine, or a clear error."""

import hashlib
import os
import signal
import stat
import subprocess
import sys
from dataclasses import replace

import onnxruntime as ort
import pytest

from tagsmith.errors import EncoderError
from tagsmith.vision.sources import BundledWeights, HubFile, LocalFile
from unit.vision.onnx_files import network

BUILD = """
import resource, signal, sys
from pathlib import Path
import tagsmith.vision.efficientnet
from tagsmith.vision.sources import BundledWeights
source = BundledWeights(*sys.argv[2:5], float(sys.argv[5]))
print("ready", flush=True)
if most := sys.stdin.readline().strip():
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))
print(source.onnx_file(Path(sys.argv[1])), flush=True)
"""
TINY = HubFile("owner/tiny", "onnx/model.onnx")
TINY_PATH = "/owner/tiny/resolve/main/onnx/model.onnx"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def builder(source, cache):
    """A process that is ready to build; a line on its input starts it, a number on it kills it at that many bytes."""
    facts = (source.package, source.file, source.sha256, str(source.depth))
    process = subprocess.Popen(
        [sys.executable, "-B", "-c", BUILD, str(cache), *facts],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "data" / "encoders"


def test_graph_is_built_from_the_package(tiny_package, cache):
    session = ort.InferenceSession(tiny_package.onnx_file(cache))
    assert [output.name for output in session.get_outputs()] == ["feature_map"]


def test_graph_is_built_once(tiny_package, cache):
    first = tiny_package.onnx_file(cache)
    before = first.stat()
    assert tiny_package.onnx_file(cache) == first
    assert (first.stat().st_mtime_ns, first.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_cached_graph_needs_no_package(tiny_package, cache, tmp_path):
    built = tiny_package.onnx_file(cache)
    (tmp_path / "site" / "tiny_weights" / "tiny.pth").unlink()
    assert tiny_package.onnx_file(cache) == built


def test_cached_graph_can_be_read_by_other_users(tiny_package, cache):
    assert stat.S_IMODE(tiny_package.onnx_file(cache).stat().st_mode) == 0o644


def test_other_weights_have_another_file(tiny_package, cache, tmp_path):
    content = (tmp_path / "site" / "tiny_weights" / "tiny.pth").read_bytes() + b"more"
    (tmp_path / "site" / "tiny_weights" / "other.pth").write_bytes(content)
    other = replace(tiny_package, file="other.pth", sha256=hashlib.sha256(content).hexdigest())
    assert other.onnx_file(cache) != tiny_package.onnx_file(cache)
    assert len(names(cache)) == 2


def test_two_processes_at_once_leave_one_whole_file(tiny_package, cache, tmp_path):
    processes = [builder(tiny_package, cache) for _ in range(2)]
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    answers = [process.communicate()[0].strip() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert {*answers} == {str(cache / names(cache)[0])}
    assert len(names(cache)) == 1
    assert (cache / names(cache)[0]).read_bytes() == tiny_package.onnx_file(tmp_path / "alone").read_bytes()


def test_killed_build_is_not_taken_for_whole(tiny_package, cache, tmp_path):
    process = builder(tiny_package, cache)
    process.communicate("5000\n")
    assert process.returncode == -signal.SIGXFSZ
    (part,) = cache.iterdir()
    assert part.stat().st_size == 5000
    whole = tiny_package.onnx_file(cache)
    assert whole != part
    assert whole.read_bytes() == tiny_package.onnx_file(tmp_path / "alone").read_bytes()


def test_full_disk_leaves_nothing(tiny_package, cache):
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, limits[1]))
    try:
        with pytest.raises(EncoderError) as raised:
            tiny_package.onnx_file(cache)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(raised.value) == f"the encoder cache {cache} cannot be written: File too large"
    assert names(cache) == []


def test_file_in_the_place_of_the_cache_is_named(tiny_package, cache):
    cache.parent.mkdir()
    cache.write_text("a file")
    with pytest.raises(EncoderError, match=f"the encoder cache {cache} cannot be written: File exists"):
        tiny_package.onnx_file(cache)


def test_file_above_the_cache_is_named(tiny_package, cache):
    cache.parent.write_text("a file")
    with pytest.raises(EncoderError, match=f"the encoder cache {cache} cannot be written: Not a directory"):
        tiny_package.onnx_file(cache)


def test_impossible_cache_is_named(tiny_package, tmp_path):
    with pytest.raises(EncoderError, match=r"the encoder cache .*x cannot be written: File name too long"):
        tiny_package.onnx_file(tmp_path / ("x" * 300))


def test_missing_package_is_named(cache):
    source = BundledWeights("no_such_package", "w.pth", "0" * 64, 1.0)
    with pytest.raises(EncoderError, match="the package no_such_package is not installed"):
        source.onnx_file(cache)


def test_folder_that_is_no_package_is_named(cache, tmp_path, monkeypatch):
    (tmp_path / "empty_folder").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EncoderError, match="the package empty_folder is not installed"):
        BundledWeights("empty_folder", "w.pth", "0" * 64, 1.0).onnx_file(cache)


def test_package_without_the_weights_is_named(tiny_package, cache):
    with pytest.raises(EncoderError, match=r"tiny_weights.other\.pth: No such file"):
        replace(tiny_package, file="other.pth").onnx_file(cache)


def test_package_with_other_weights_is_refused(tiny_package, cache):
    with pytest.raises(EncoderError, match=r"tiny\.pth: these are not the expected weights"):
        replace(tiny_package, sha256="0" * 64).onnx_file(cache)
    assert not cache.exists()


def test_local_file_is_known_by_its_content(tmp_path):
    content = os.urandom(3 << 20)
    file = tmp_path / "any.onnx"
    file.write_bytes(content)
    assert LocalFile.of(file) == LocalFile(file, hashlib.sha256(content).hexdigest())


def test_local_file_is_used_where_it_is(tmp_path, cache):
    file = tmp_path / "any.onnx"
    file.write_bytes(network())
    assert LocalFile.of(file).onnx_file(cache) == file
    assert not cache.exists()


def test_missing_local_file_is_named(tmp_path):
    with pytest.raises(EncoderError, match=r"none\.onnx: No such file"):
        LocalFile.of(tmp_path / "none.onnx")


def test_hub_file_is_downloaded_into_the_cache(hub, cache):
    hub.files[TINY_PATH] = network()
    local = TINY.download(cache, hub.endpoint)
    assert local.path.read_bytes() == network()
    assert local.path.is_relative_to(cache)
    assert local.sha256 == hashlib.sha256(network()).hexdigest()


def test_revision_is_asked_for(hub, cache):
    hub.files[TINY_PATH.replace("main", "v1.5")] = b"of v1.5"
    assert replace(TINY, revision="v1.5").download(cache, hub.endpoint).path.read_bytes() == b"of v1.5"


def test_hub_file_needs_no_network_after_the_first_time(hub, cache):
    hub.files[TINY_PATH] = network()
    first = TINY.download(cache, hub.endpoint)
    hub.answers = False
    assert TINY.download(cache, hub.endpoint) == first


def test_newer_file_on_the_hub_does_not_replace_the_cached_one(hub, cache):
    hub.files[TINY_PATH] = network()
    first = TINY.download(cache, hub.endpoint)
    hub.files[TINY_PATH] = b"newer"
    assert TINY.download(cache, hub.endpoint) == first


def test_file_that_the_hub_lacks_is_named_in_one_line(hub, cache):
    with pytest.raises(EncoderError) as raised:
        TINY.download(cache, hub.endpoint)
    message = str(raised.value)
    assert message.startswith("owner/tiny/onnx/model.onnx cannot be downloaded: 404 ")
    assert f"Entry Not Found for url: {hub.endpoint}{TINY_PATH}" in message
    assert "\n" not in message


def test_file_that_comes_to_the_hub_later_is_found(hub, cache):
    with pytest.raises(EncoderError):
        TINY.download(cache, hub.endpoint)
    hub.files[TINY_PATH] = network()
    assert TINY.download(cache, hub.endpoint).path.read_bytes() == network()


def test_refused_connection_is_explained_in_one_line(hub, cache, monkeypatch):
    hub.shutdown()
    hub.server_close()
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # between the library's attempts
    with pytest.raises(EncoderError) as raised:
        TINY.download(cache, hub.endpoint)
    message = str(raised.value)
    assert message.startswith("owner/tiny/onnx/model.onnx cannot be downloaded: ")
    assert "check your connection" in message
    assert "\n" not in message


def test_hub_that_hangs_up_is_explained(hub, cache):
    hub.answers = False
    with pytest.raises(EncoderError, match=r"^owner/tiny/onnx/model\.onnx cannot be downloaded: Server disconnected"):
        TINY.download(cache, hub.endpoint)


def test_offline_mode_is_explained(hub, cache, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(EncoderError, match=r"^owner/tiny/onnx/model\.onnx cannot be downloaded: "):
        TINY.download(cache, hub.endpoint)


def test_file_in_the_place_of_the_download_cache_is_named(hub, cache):
    hub.files[TINY_PATH] = network()
    cache.parent.write_text("a file")
    with pytest.raises(EncoderError, match=f"cannot be downloaded: .*{cache.parent}"):
        TINY.download(cache, hub.endpoint)


def test_missing_extra_is_named(cache, monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(EncoderError, match=r"pip install 'tagsmith\[hub\]'"):
        TINY.download(cache)
