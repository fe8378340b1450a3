"""Changing the encoder from the command line, with the two that are bundled."""

import pytest

from drawings import draw_tree
from integration.test_library import data, library  # noqa: F401 - fixtures


@pytest.mark.req("M16a", "M16c", "M16d")
def test_encoder_is_changed_and_the_old_setting_is_told(library, tmp_path):
    draw_tree(tmp_path / "photos", ("disc", "star"), 10)
    assert library("import", tmp_path / "photos").returncode == 0
    library("model", "create", "Shapes", "disc", "star")
    assert "version 1 is live" in library("model", "train", "1").stdout
    assert library("encoder", "change", "standard").stdout.startswith("20 assets are encoded with standard by ")
    again = library("encoder", "change", "standard")
    assert (again.returncode, "`tagsmith encoder cancel`" in again.stderr) == (1, True)
    status = library("encoder", "status").stdout.splitlines()
    assert status[1:] == ["0 of 20 assets are encoded", "0 of 1 live tag models are trained for it"]
    assert library("encoder", "cancel").stdout.startswith("cancelled; ")
    done = library("encoder", "change", "standard", "--wait")
    assert (done.returncode, done.stdout) == (0, "standard serves\n"), done.stderr
    shown = library("encoder", "show")
    assert shown.stdout.splitlines()[1].split()[:4] == ["standard", "serves", "2560", "20"]
    assert "TAGSMITH_ENCODER is fast, but standard serves" in shown.stderr
    assert "version 2 live" in library("model", "list").stdout
    assert library("encoder", "forget", "fast").stdout == "20 vectors of fast are gone\n"
