"""The demonstration's page: what goes into the template, and the template's rendering."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from tagsmith.errors import BadInputError
from tagsmith.learning.quality import Quality, Share
from tagsmith.learning.tag_model import Tagged
from tagsmith.operations.demo.material import Material
from tagsmith.vision.files import shown

if TYPE_CHECKING:
    import jinja2

NONE = "None of these"
SHOWN_PER_TAG = 200  # a page of thousands of pictures would be slow to open


@dataclass(frozen=True)
class Step:
    """One step of the demonstration and how long it took, in seconds."""

    what: str
    seconds: float


@dataclass(frozen=True)
class Result:
    """Everything that the page shows."""

    material: Material
    tagged: list[Tagged]
    thumbnails: Mapping[Path, str]
    steps: list[Step]
    quality: Quality
    encoder: str


@dataclass(frozen=True)
class Card:
    """One image on the page; `shows` is what it truly shows, where it was tagged otherwise."""

    name: str
    thumbnail: str
    guess: str
    confidence: float
    shows: str


@dataclass(frozen=True)
class Section:
    """The images that were given one tag, most confident first; `examples` is 0 for "none of these"."""

    title: str
    examples: int
    cards: list[Card]
    more: int


def load_template() -> "jinja2.Template":
    """Return the page's template; raises BadInputError without the demo extra."""
    try:
        import jinja2  # noqa: PLC0415 - of the demo extra
    except ImportError as error:
        raise BadInputError("the demonstration needs the demo extra: pip install 'tagsmith[demo]'") from error
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(files(__package__).joinpath("page.html").read_text(encoding="utf-8"))


def render(template: "jinja2.Template", result: Result) -> str:
    """Return the page as HTML that needs nothing else."""
    return template.render(
        result=result,
        sections=_sections(result),
        errors=[(shown(item.path), item.error) for item in result.tagged if item.error],
        counts=_counts(result),
        share=_share,
    )


def _sections(result: Result) -> list[Section]:
    groups: dict[str, list[Tagged]] = {tag: [] for tag in result.material.examples}
    groups[NONE] = []
    for item in result.tagged:
        if not item.error:
            groups[item.tags[0].tag if item.tags else NONE].append(item)
    sections = []
    for title, items in groups.items():
        items.sort(key=lambda item: -item.best.confidence if item.best else 0)
        cards = [_card(item, result) for item in items[:SHOWN_PER_TAG]]
        examples = len(result.material.examples.get(title, ()))
        sections.append(Section(title, examples, cards, max(0, len(items) - SHOWN_PER_TAG)))
    return sections


def _card(item: Tagged, result: Result) -> Card:
    truth = result.material.truth.get(item.path)
    given = item.tags[0].tag if item.tags else None
    return Card(
        name=shown(Path(item.path.stem)),
        thumbnail=result.thumbnails[item.path],
        guess=item.best.tag if item.best else "",
        confidence=item.best.confidence if item.best else 0.0,
        shows="" if truth == given else truth or NONE.lower(),
    )


def _counts(result: Result) -> dict[str, int]:
    read = [item for item in result.tagged if not item.error]
    truth = [result.material.truth.get(item.path) for item in read]
    given = [item.tags[0].tag if item.tags else None for item in read]
    pairs = list(zip(given, truth, strict=True))
    return {
        "read": len(read),
        "tagged": sum(tag is not None for tag in given),
        "tagged_right": sum(tag is not None and tag == true for tag, true in pairs),
        "strangers": sum(true is None for true in truth),
        "strangers_refused": sum(tag is None and true is None for tag, true in pairs),
        "known": sum(true is not None for true in truth),
    }


def _share(share: Share) -> str:
    if share.value is None:
        return "no claims"
    low, high = share.interval
    return f"{share.value:.0%} ({low:.0%}–{high:.0%})"
