"""Any file name survives as a URI."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.assets.origins import is_below, origin_of, path_of

FILE_NAMES = st.binary(min_size=1, max_size=40).filter(lambda name: not set(name) & set(b"\0/") and name.strip(b"."))


@given(FILE_NAMES)
def test_any_file_name_comes_back(name):
    path = Path("/photos") / os.fsdecode(name)
    assert path_of(origin_of(path)) == path
    origin_of(path).encode("ascii")


def test_different_spellings_of_a_path_are_one_origin(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert origin_of(Path("a/../b.jpg")) == origin_of(tmp_path / "b.jpg")


def test_only_files_have_a_path():
    with pytest.raises(ValueError, match="not a file"):
        path_of("s3://bucket/a.jpg")


def test_below_is_by_whole_steps():
    assert is_below("file:///a/b", "file:///a")
    assert is_below("file:///a", "file:///")
    assert not is_below("file:///ab/c", "file:///a")
