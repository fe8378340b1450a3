import re
from pathlib import Path

from lucide.templatetags.lucide import lucide as drawn

from tagsmith import web
from tagsmith.web.templatetags.icons import lucide

STYLES = Path(web.__file__).parent / "static/web/tokens.css"
TEMPLATES = Path(web.__file__).parent / "templates"


def attributes(svg: str) -> set[str]:
    return set(re.findall(r'[\w-]+="[^"]*"', svg))


def test_icon_says_what_is_its_own_and_the_styles_say_the_rest():
    shared = attributes(drawn("folder", size=18)) - attributes(lucide("folder", size=18))
    rule = re.search(r"^svg \{(.*)\}", STYLES.read_text(), re.MULTILINE)[1]
    assert len(shared) == 5
    for one in shared:
        name, value = one.replace('"', "").split("=")
        assert f"{name}: {value};" in rule


def test_every_icon_of_the_templates_is_drawn_whole_and_without_gaps():
    names = {name for file in TEMPLATES.rglob("*.html") for name in re.findall(r'lucide "([\w-]+)"', file.read_text())}
    assert len(names) > 20
    for name in names:
        whole, small = drawn(name, size=18), lucide(name, size=18)
        parts = re.compile(r"<(?:path|circle|rect|line|poly\w+|ellipse)\b[^>]*>")
        assert [re.sub(r"\s+(?=/>)", "", one) for one in parts.findall(whole)] == parts.findall(small)
        assert not re.search(r">\s+<", small)


def test_icon_takes_attributes():
    assert 'aria-hidden="true"' in lucide("search", size=18, aria_hidden="true")
