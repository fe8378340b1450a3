"""`tagsmith review` as a user has it."""

import re

import pytest

from drawings import draw, draw_tree
from integration.tagging.test_moderating_command import data, library, said  # noqa: F401 - fixtures

STAR = "star/star-100.png"


@pytest.fixture
def suggesting(library, model, tmp_path):
    """A library of discs and stars, and a tag model that is never sure enough to give these tags by itself."""
    draw_tree(tmp_path / "photos", ("disc", "star"), 6, first=100)
    thresholds = (("model", "threshold", 1, tag, "--apply", 1, "--suggest", 0.05) for tag in ("disc", "star"))
    importing = (("import", tmp_path / "photos"), ("model", "import", model, "--publish"))
    for command in (*importing, *thresholds, ("tag", "/")):
        done = library(*command)
        assert done.returncode == 0, done.stderr
    return library


def listed(library, *options):
    """Return the (confidence, tag, path) of each suggestion."""
    done = library("review", "list", *options)
    assert done.returncode == 0, done.stderr
    rows = [re.split(r"  +", line.strip()) for line in done.stdout.splitlines()[1:]]
    return [(float(sure.removesuffix(" %")), tag, path) for sure, tag, path, _ in rows]


def unit_of(done, said):
    assert done.returncode == 0, done.stderr
    return re.fullmatch(rf"\d+ {said}; `tagsmith asset undo (\S+)` takes it back\n", done.stdout)[1]


@pytest.mark.req("W6d", "W6b")
def test_suggestions_are_listed_counted_accepted_rejected_and_that_is_undone(suggesting, tmp_path):
    before = listed(suggesting)
    stars = [path for _, tag, path in before if tag == "default:star"]
    assert STAR in stars
    assert len(before) > len(stars) > 2
    assert [sure for sure, _, _ in before] == sorted((sure for sure, _, _ in before), reverse=True)
    counted = suggesting("review", "counts", "--tag", "star").stdout.splitlines()[1]
    assert counted.split() == [str(len(stars)), "default:star", "1", "shapes"]
    assert [row for row in before if row[0] >= before[2][0]] == listed(suggesting, "--from", before[2][0] / 100)

    accepted = unit_of(suggesting("review", "accept", "--all", "--tag", "star"), "accepted")
    assert said(suggesting, STAR)[0] == ["  default:star (promoted)"]
    assert "accepted the suggested tag default:star" in suggesting("timeline", STAR).stdout
    assert listed(suggesting, "--tag", "star") == []
    assert suggesting("asset", "undo", accepted).stdout == f"{len(stars)} taken back\n"
    assert listed(suggesting) == before

    unit_of(suggesting("review", "reject", STAR, "--tag", "star"), "rejected")
    assert said(suggesting, STAR)[2] == ["  default:star"]
    suggesting("tag", "/", "--force")
    assert STAR not in [path for _, tag, path in listed(suggesting) if tag == "default:star"]

    other = next(path for path in stars if path != STAR)
    draw("star", 500).save(tmp_path / "photos" / other)
    assert "1 changed" in suggesting("import", tmp_path / "photos").stdout
    assert other not in [path for _, _, path in listed(suggesting)]


@pytest.mark.req("W6d")
def test_pages_go_on_where_they_ended_and_what_is_unclear_is_refused(suggesting):
    everything = listed(suggesting)
    done = suggesting("review", "list", "--limit", 2)
    word = re.fullmatch(r"more with --after (\S+)\n", done.stderr)[1]
    assert listed(suggesting, "--limit", 1000, "--after", word) == everything[2:]
    for arguments in ((), (STAR,), (STAR, "--tag", "star", "--all")):
        assert suggesting("review", "accept", *arguments).returncode == 2
    unknown = suggesting("review", "list", "--model", 99)
    assert (unknown.returncode, unknown.stderr) == (1, "tagsmith: no tag model 99\n")
    assert listed(suggesting) == everything
