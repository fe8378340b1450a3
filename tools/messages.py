"""The catalogues of the interface's texts: extracted from the sources, merged, and compiled.

`make messages` brings `locale/<language>/LC_MESSAGES/django.po` up to date and writes the `django.mo` beside it, which
Django reads. What is asked of catalogues is in `tests/unit/web/test_catalogues.py`.
"""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from tagsmith import errors as tree

SOURCES = Path(__file__).parents[1] / "src" / "tagsmith"
LOCALES = SOURCES / "web" / "locale"
LANGUAGES = ("de", "es", "fr", "it", "ja", "ko", "pt", "zh_Hans")
UNSEEN = (  # what only a terminal says, or a program that uses the library
    "cli/",
    "config/",
    "learning/classifier.py",
    "learning/estimator.py",
    "operations/check/",
    "operations/demo/",
)
# of errors: said to operators alone, or in other words
UNSHOWN = {"DatabaseError", "EncoderError", "NotFoundError", "NotTrainedError", "SettingsError", "SignInError"}
UNSHOWN |= {"ProviderError", "RefusedError", "UntrustedError"}
Words = dict[str, tuple[int | tuple[int, str], ...] | None]
FUNCTIONS: Words = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "say": None,
    "say_many": (1, 2),
    "forms": (1, 2),
}


def errors() -> Words:
    """Return the classes of errors that pages show, whose first argument is a text: see `tagsmith.errors`."""
    return {name: None for name in vars(tree) if name.endswith("Error") and name not in UNSHOWN}


def sources() -> list[Path]:
    """Return the files whose texts people read on pages."""
    paths = sorted([*SOURCES.rglob("*.py"), *SOURCES.rglob("templates/**/*.html")])
    return [path for path in paths if not path.relative_to(SOURCES).as_posix().startswith(UNSEEN)]


def extract() -> Catalog:
    """Return a catalogue of all texts in the sources, without translations."""
    catalogue = Catalog(charset="utf-8")
    keywords = FUNCTIONS | errors()
    for path in sources():
        place = (path.relative_to(SOURCES).as_posix(), 0)
        for text, context, comments in _texts(path, keywords):
            catalogue.add(text, locations=[place], auto_comments=comments, context=context)
    return catalogue


def _texts(path: Path, keywords: Words) -> Iterator[tuple[str | tuple[str, ...], str | None, list[str]]]:
    source = path.read_text("utf-8")
    if path.suffix == ".html":  # calls of gettext among crosses, which are no indentation
        source = "\n".join(line.strip() for line in templatize(source, path.name).splitlines())
    calls: Iterator[Any] = extract_python(io.BytesIO(source.encode()), keywords, ["Translators:"], {})
    for _line, function, found, comments in calls:
        places = keywords[function] or (1,)
        texts = found if isinstance(found, tuple) else (found,)
        words = tuple(texts[place - 1] for place in places if isinstance(place, int) and place <= len(texts))
        contexts = [texts[place[0] - 1] for place in places if isinstance(place, tuple)]
        if all(words) and all(contexts):
            yield (words[0] if len(words) == 1 else words), next(iter(contexts), None), comments


def place_of(language: str) -> Path:
    """Return where a language's catalogue is."""
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """Return a language's catalogue as it is; an empty one where there is none."""
    path = place_of(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", header_comment="")
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def merge(catalogue: Catalog, texts: Catalog) -> None:
    """Bring a catalogue up to date; what nothing needs any more is kept as a comment until something does."""
    for message in list(catalogue.obsolete.values()):
        catalogue.obsolete.pop(catalogue._key_for(message.id, message.context))  # noqa: SLF001 - it has no other way
        catalogue[message.id] = message
    catalogue.update(texts, no_fuzzy_matching=True)
    for message in list(catalogue.obsolete.values()):
        if not any(strings(message)):
            catalogue.obsolete.pop(catalogue._key_for(message.id, message.context))  # noqa: SLF001


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as the text of its file: sorted, without dates and numbers of lines."""
    body = io.BytesIO()
    write_po(body, catalogue, width=120, omit_header=True, sort_output=True, include_lineno=False)
    comment = "".join(f"{line}\n" for line in catalogue.header_comment.splitlines())
    head = f'msgid ""\nmsgstr ""\n{"".join(_quoted(line) for line in header(catalogue.locale))}\n'
    return (comment + head).encode() + body.getvalue().rstrip(b"\n") + b"\n"


def header(locale: Locale | None) -> list[str]:
    """Return what readers of a catalogue need to know of it."""
    plural = get_plural(locale)
    return [
        f"Language: {locale}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {plural}",
    ]


def _quoted(line: str) -> str:
    return f'"{line}\\n"\n'


class _Compiled(Catalog):
    """A catalogue whose compiled form has no date either."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What readers need to know of it."""
        return [(name, value) for name, _, value in (line.partition(": ") for line in header(self.locale))]


def compiled(catalogue: Catalog) -> bytes:
    """Return the form that Django reads: without what is not translated, which then is English."""
    bare = _Compiled(locale=catalogue.locale, charset="utf-8")
    for message in catalogue:
        if message.id and all(strings(message)) and not message.fuzzy:
            bare.add(message.id, message.string, context=message.context)
    body = io.BytesIO()
    write_mo(body, bare)
    return body.getvalue()


def strings(message: Message) -> tuple[str, ...]:
    """Return the forms of a translation."""
    form: Any = message.string
    return form if isinstance(form, tuple) else (form,)


def missing(catalogue: Catalog) -> list[Message]:
    """Return what a catalogue has no translation of."""
    return [message for message in catalogue if message.id and (message.fuzzy or not all(strings(message)))]


def sheet(catalogue: Catalog) -> list[dict[str, Any]]:
    """Return what is missing, to be filled in: each text with as many forms as the language has."""
    forms = get_plural(catalogue.locale).num_plurals
    return [
        {
            "context": message.context or "",
            "text": list(message.id) if message.pluralizable else [message.id],
            "places": sorted({place for place, _ in message.locations}),
            "translation": [""] * (forms if message.pluralizable else 1),
        }
        for message in missing(catalogue)
    ]


def fill(catalogue: Catalog, filled: list[dict[str, Any]]) -> None:
    """Put the translations of a sheet into a catalogue; what is not filled in stays missing."""
    for row in filled:
        message = catalogue.get(row["text"][0], row["context"] or None)
        if message is not None and all(row["translation"]):
            message.string = tuple(row["translation"]) if message.pluralizable else row["translation"][0]


def write(language: str, catalogue: Catalog) -> None:
    """Write a catalogue and its compiled form, and say how much of it is translated."""
    path = place_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(catalogue))
    path.with_suffix(".mo").write_bytes(compiled(catalogue))
    sys.stdout.write(f"{language:8}{len(catalogue) - len(missing(catalogue)):6} of {len(catalogue)} texts\n")


def main(arguments: list[str]) -> None:
    """Bring all catalogues up to date; or with `missing LANGUAGE` and `fill LANGUAGE FILE`, help who translates."""
    match arguments:
        case []:
            texts = extract()
            for language in LANGUAGES:
                catalogue = read(language)
                merge(catalogue, texts)
                write(language, catalogue)
        case ["missing", language]:
            sys.stdout.write(json.dumps(sheet(read(language)), ensure_ascii=False, indent=1) + "\n")
        case ["fill", language, file]:
            catalogue = read(language)
            fill(catalogue, json.loads(Path(file).read_text("utf-8")))
            write(language, catalogue)
        case _:
            sys.exit("messages.py [missing LANGUAGE | fill LANGUAGE FILE]")


if __name__ == "__main__":
    main(sys.argv[1:])
