import csv
import io
import json
import shutil
import subprocess

import pytest

from integration.conftest import TAGSMITH


def lines(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.req("A6b")
def test_json_lines_hold_tags_past_their_thresholds_and_the_best(tagsmith, model, drawn):
    done = tagsmith("apply", model, drawn / "library", "--format", "jsonl")
    assert done.returncode == 0
    results = lines(done)
    assert [result["path"] for result in results] == sorted(map(str, (drawn / "library").rglob("*.png")))
    for result in results:
        assert set(result) == {"path", "tags", "best"}
        assert set(result["best"]) == {"tag", "confidence"}
        assert len(result["tags"]) <= 1
        assert all(0 <= tag["confidence"] <= 1 for tag in [*result["tags"], result["best"]])
    taught = [result for result in results if "/grid/" not in result["path"]]
    assert sum(f"/{result['best']['tag']}/" in result["path"] for result in taught) >= len(taught) - 2


@pytest.mark.req("M6a")
def test_what_was_never_taught_gets_no_tag(tagsmith, model, drawn):
    results = lines(tagsmith("apply", model, drawn / "library" / "grid", "--format", "jsonl"))
    assert [result["tags"] for result in results] == [[]] * 6


@pytest.mark.req("L3c", "A6b")
def test_unreadable_image_has_its_error_and_the_rest_goes_on(tagsmith, model, drawn, tmp_path):
    (tmp_path / "bad.jpg").write_bytes(b"")
    shutil.copy(drawn / "library/disc/disc-100.png", tmp_path / "good.png")
    done = tagsmith("apply", model, tmp_path, "--format", "jsonl")
    assert done.returncode == 0
    bad, good = lines(done)
    assert bad == {"path": str(tmp_path / "bad.jpg"), "error": "empty file"}
    assert good["best"]["tag"] == "disc"


def test_status_is_an_error_only_if_nothing_could_be_read(tagsmith, model, tmp_path):
    (tmp_path / "bad.jpg").write_bytes(b"")
    assert tagsmith("apply", model, tmp_path, "--format", "jsonl").returncode == 1


@pytest.mark.req("A6b")
def test_csv_has_a_row_per_image(tagsmith, model, drawn):
    done = tagsmith("apply", model, drawn / "library", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 24
    assert set(rows[0]) == {"path", "tag", "confidence", "best_tag", "best_confidence", "error"}


@pytest.mark.req("A6b")
def test_table_shows_confidence_tag_and_path(tagsmith, model, drawn):
    done = tagsmith("apply", model, drawn / "library" / "disc")
    assert len(done.stdout.splitlines()) == 6
    confidence, tag, path = done.stdout.splitlines()[0].split()
    assert 0 <= float(confidence) <= 1
    assert tag.strip("()") == "disc"
    assert path.endswith("disc-100.png")
    assert "6 photos:" in done.stderr


@pytest.mark.req("A6d")
def test_xmp_writes_sidecars_beside_tagged_images_only(tagsmith, model, drawn, tmp_path):
    library = shutil.copytree(drawn / "library", tmp_path / "library")
    tagged = {
        result["path"]: result["tags"]
        for result in lines(tagsmith("apply", model, library, "--format", "jsonl"))
        if result["tags"]
    }
    assert tagged
    done = tagsmith("apply", model, library, "--format", "xmp")
    assert done.stdout.splitlines() == [f"{path}.xmp" for path in sorted(tagged)]
    assert sorted(str(path) for path in library.rglob("*.xmp")) == [f"{path}.xmp" for path in sorted(tagged)]
    assert tagsmith("apply", model, library, "--format", "xmp").stdout == ""


def test_output_file_is_whole_or_not_there(tagsmith, model, drawn, tmp_path):
    done = tagsmith("apply", model, drawn / "library" / "disc", "--format", "csv", "-o", tmp_path / "out.csv")
    assert done.stdout == ""
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 7
    done = tagsmith("apply", model, drawn / "library" / "disc", "-o", tmp_path / "no" / "out.csv")
    assert (done.returncode, done.stderr) == (1, f"tagsmith: {tmp_path}/no/out.csv: No such file or directory\n")


@pytest.mark.req("M15b")
def test_tampered_model_is_refused_with_the_reason(tagsmith, model, drawn, tmp_path):
    content = bytearray(model.read_bytes())
    content[-1000] ^= 1
    (tmp_path / "bad.tagsmith").write_bytes(content)
    done = tagsmith("apply", tmp_path / "bad.tagsmith", drawn / "library")
    assert done.returncode == 1
    assert "changed since it was written" in done.stderr


def test_quiet_in_a_pipe_and_a_closed_pipe_is_no_error_report(environment, model, drawn):
    process = subprocess.Popen(
        [*TAGSMITH, "apply", model, drawn / "library", "--format", "jsonl"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.close()
    _, said = process.communicate(timeout=60)
    assert "Traceback" not in said
    assert "images/s" not in said


@pytest.mark.req("A6c")
def test_evaluate_prints_quality_confusion_and_calibration(tagsmith, model, drawn):
    done = tagsmith("evaluate", model, drawn / "library")
    assert done.returncode == 0
    for word in ("precision", "recall", "best tag right", "calibration error", "shown \\ given", "none of these"):
        assert word in done.stdout
    assert "of the labelled photos" in done.stdout


@pytest.mark.req("A6c")
def test_evaluate_counts_unknown_tags_as_something_else(tagsmith, model, drawn):
    quality = json.loads(tagsmith("evaluate", model, drawn / "library", "--json").stdout)
    assert (quality["images"], quality["strangers"]) == (24, 6)
    assert quality["false_tags"] == {"hits": 0, "trials": 6}


@pytest.mark.req("A6f")
def test_encoders_lists_size_speed_and_licence(tagsmith):
    done = tagsmith("encoders")
    (row,) = [line.split() for line in done.stdout.splitlines() if line.startswith("fast *")]
    assert row[2:5] == ["1280", "13", row[4]]
    assert float(row[4]) > 0
    assert "Apache-2.0" in row


def test_help_names_every_command(tagsmith):
    done = tagsmith("--help")
    for command in ("learn", "apply", "evaluate", "encoders", "demo"):
        assert f"  {command} " in done.stdout
        assert tagsmith(command, "--help").returncode == 0
