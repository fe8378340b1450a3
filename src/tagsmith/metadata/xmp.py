"""Writes smart tags into XMP sidecars, where Lightroom, digiKam, Bridge and exiftool look for keywords.

Each keyword list that Tagsmith adds to has a shadow of the same name in Tagsmith's own namespace, which holds
what Tagsmith added there. Only what the shadow holds is ever taken out again; all else belongs to people.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from tagsmith.atomic import write_whole
from tagsmith.errors import BadInputError, WriteError

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC = "http://purl.org/dc/elements/1.1/"
LIGHTROOM = "http://ns.adobe.com/lightroom/1.0/"
DIGIKAM = "http://www.digikam.org/ns/1.0/"
# A name, not an address. It ends in a slash because XMP writers glue the property's name to it.
TAGSMITH = "urn:tagsmith:xmp:1.0/"
PREFIXES = {"dc": DC, "lr": LIGHTROOM, "digiKam": DIGIKAM, "tagsmith": TAGSMITH}

DESCRIPTION, LI = f"{{{RDF}}}Description", f"{{{RDF}}}li"
CONTAINERS = tuple(f"{{{RDF}}}{kind}" for kind in ("Bag", "Seq", "Alt"))

EMPTY_PACKET = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Tagsmith">
 <rdf:RDF xmlns:rdf="{RDF}">
  <rdf:Description rdf:about=""
    xmlns:dc="{DC}"
    xmlns:lr="{LIGHTROOM}"
    xmlns:digiKam="{DIGIKAM}"
    xmlns:tagsmith="{TAGSMITH}"/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>""".encode()

# What XML 1.0 cannot hold, and line breaks and other controls that no keyword field survives.
UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

# Pictures and videos that could each claim the "photo.xmp" beside them as theirs.
CLAIMANTS = (
    "jpg jpeg png gif webp tif tiff bmp heic heif hif avif jxl psd psb pnm pgm pbm ppm ico xbm xpm "
    "3fr arw cr2 cr3 crw dcr dng erf fff iiq kdc mef mos mrw nef nrw orf ori pef raf raw rw2 rwl sr2 srf srw x3f "
    "avi m4v mov mp4 mts"
)


@dataclass(frozen=True)
class _KeywordList:
    """A property that other programs read keywords from, and how it spells a tag's path."""

    namespace: str
    local_name: str
    container: str
    separator: str | None

    @property
    def name(self) -> str:
        return f"{{{self.namespace}}}{self.local_name}"

    @property
    def shadow(self) -> str:
        return f"{{{TAGSMITH}}}{self.local_name}"

    def spell(self, path: tuple[str, ...]) -> str:
        return path[-1] if self.separator is None else self.separator.join(path)


# Lightroom and digiKam write their hierarchical lists for tags without a parent too.
KEYWORD_LISTS = (
    _KeywordList(DC, "subject", "Bag", None),
    _KeywordList(LIGHTROOM, "hierarchicalSubject", "Bag", "|"),
    _KeywordList(DIGIKAM, "TagsList", "Seq", "/"),
)
SMART_TAGS = f"{{{TAGSMITH}}}smartTags"


def sidecar_path(image: Path) -> Path:
    """Find the sidecar of an image in either naming habit, or say where a new one goes: `photo.jpg.xmp`.

    `photo.xmp` is not taken when another picture or video of that name lies beside the image: it may be that one's.
    """
    full_name = image.with_name(f"{image.name}.xmp")
    habits = [full_name, image.with_name(f"{image.name}.XMP")]
    if image.suffix and not any(_is_file(image.with_suffix(suffix)) for suffix in _other_suffixes(image)):
        habits += [image.with_suffix(".xmp"), image.with_suffix(".XMP")]
    return next(filter(_is_file, habits), full_name)


def write_smart_tags(sidecar: Path, tags: Mapping[str, float]) -> bool:
    """Make the sidecar say what a tag model says now; True if the file changed.

    `tags` maps tag ids (`boot`, `fruit/apple`, `shop:fruit/apple`) to confidences from 0 to 1. Smart tags of an
    earlier call that are not among them go, and their keywords too, except those that were there before Tagsmith.
    Raises BadInputError for a tag that no keyword can hold or a sidecar that is not XMP, WriteError if it cannot be
    written; either way the file stays as it was.
    """
    paths = [_path(tag) for tag in sorted(tags)]
    record = [f"{tag.strip()}={_confidence(tag, tags[tag])}" for tag in sorted(tags)]
    before = _read(sidecar)
    if before is None and not tags:
        return False
    root = _parse(sidecar, EMPTY_PACKET if before is None else before)
    rdf = _rdf(sidecar, root)
    for keywords in KEYWORD_LISTS:
        for name in (keywords.name, keywords.shadow):
            _spell_out(sidecar, rdf, name)
    _spell_out(sidecar, rdf, SMART_TAGS)

    changes = [_reconcile(rdf, keywords, [keywords.spell(path) for path in paths]) for keywords in KEYWORD_LISTS]
    changes.append(_replace(rdf, SMART_TAGS, record))
    if not any(changes):
        return False
    write_whole(sidecar, _serialise(root, declaration=before is not None and b"<?xml" in before[:8]))
    return True


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long for the file system, or a folder that may not be searched
        return False


def _other_suffixes(image: Path) -> Iterator[str]:
    for name in CLAIMANTS.split():
        suffix = f".{name}"
        if suffix != image.suffix.lower():
            yield from (suffix, suffix.upper())


def _path(tag: str) -> tuple[str, ...]:
    """The names from the top of the taxonomy down to the tag; the namespace is no keyword."""
    names = tuple(unicodedata.normalize("NFC", name).strip() for name in tag.split(":", 1)[-1].split("/"))
    if not all(names):
        raise BadInputError("tag {tag!r} cannot become a keyword: a part of it has no name", tag=tag)
    if UNWRITABLE.search(tag):
        raise BadInputError("tag {tag!r} cannot become a keyword: it holds a control character", tag=tag)
    if "|" in tag:
        raise BadInputError("tag {tag!r} cannot become a keyword: '|' separates levels in Lightroom", tag=tag)
    return names


def _confidence(tag: str, confidence: float) -> str:
    if not 0 <= confidence <= 1:
        raise BadInputError(
            "tag {tag!r} has a confidence of {confidence}, which is not between 0 and 1", tag=tag, confidence=confidence
        )
    return f"{confidence:.3f}"


def _read(sidecar: Path) -> bytes | None:
    try:
        return sidecar.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WriteError("{sidecar}: {reason}", sidecar=sidecar, reason=error.strerror) from error


def _parse(sidecar: Path, content: bytes) -> etree._Element:
    # A sidecar comes from strangers: no entities, no DTD, no network, no trees that eat the memory.
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, strip_cdata=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise BadInputError(
            "{sidecar}: not well-formed XML ({reason}); left as it is", sidecar=sidecar, reason=error.msg
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadInputError(
            "{sidecar}: holds a document type declaration, which no XMP has; left as it is", sidecar=sidecar
        )
    return root


def _rdf(sidecar: Path, root: etree._Element) -> etree._Element:
    rdf = next(root.iter(f"{{{RDF}}}RDF"), None)
    if rdf is None:
        raise BadInputError("{sidecar}: holds no XMP (no rdf:RDF element); left as it is", sidecar=sidecar)
    return rdf


def _descriptions(rdf: etree._Element) -> Iterator[etree._Element]:
    return rdf.iterchildren(DESCRIPTION)


def _spell_out(sidecar: Path, rdf: etree._Element, name: str) -> None:
    """Bring the short forms of a list (an attribute, a bare text) into its full one, so that only that is left."""
    for description in _descriptions(rdf):
        if name in description.attrib:
            _append(description, _element(name)).text = str(description.attrib.pop(name))
        for property_ in description.iterchildren(name):
            if any(child.tag in CONTAINERS for child in property_):
                continue
            if len(property_):
                raise BadInputError(
                    "{sidecar}: {element} is not a list of keywords; left as it is",
                    sidecar=sidecar,
                    element=etree.QName(name).localname,
                )
            text = (property_.text or "").strip()
            property_.text = None
            bag = _append(property_, _element(f"{{{RDF}}}Bag"))
            if text:
                _append(bag, _element(LI)).text = text


def _items(rdf: etree._Element, name: str) -> list[etree._Element]:
    return [
        item
        for description in _descriptions(rdf)
        for property_ in description.iterchildren(name)
        for container in property_.iterchildren(*CONTAINERS)
        for item in container.iterchildren(LI)
    ]


def _text(item: etree._Element) -> str:
    return str(item.xpath("string()")).strip()


def _reconcile(rdf: etree._Element, keywords: _KeywordList, wanted: list[str]) -> bool:
    """Take out what Tagsmith added and no longer wants, add what is missing, and note what it added."""
    owned = {_text(item) for item in _items(rdf, keywords.shadow)}
    changed = _remove(rdf, keywords.name, owned.difference(wanted))
    present = [_text(item) for item in _items(rdf, keywords.name)]
    # To the programs that read them, "Boot" and "boot" are one keyword.
    known = {_folded(keyword) for keyword in present}
    missing = []
    for keyword in wanted:
        if _folded(keyword) not in known:
            known.add(_folded(keyword))
            missing.append(keyword)
    _add(rdf, keywords.name, missing, container=keywords.container)
    still_owned = [keyword for keyword in dict.fromkeys(wanted) if keyword in owned and keyword in present]
    return _replace(rdf, keywords.shadow, sorted(still_owned + missing)) or changed or bool(missing)


def _replace(rdf: etree._Element, name: str, values: list[str]) -> bool:
    present = [_text(item) for item in _items(rdf, name)]
    if sorted(present) == sorted(values):
        return False
    _remove(rdf, name, present)
    _add(rdf, name, values, container="Bag")
    return True


def _folded(keyword: str) -> str:
    return unicodedata.normalize("NFC", keyword).casefold()


def _remove(rdf: etree._Element, name: str, values: Iterable[str]) -> bool:
    """Take each value out once; a list that becomes empty goes with it."""
    removed = False
    for value in values:
        # One copy only: where a person has put the same keyword in again, theirs stays.
        item = next((item for item in _items(rdf, name) if _text(item) == value), None)
        if item is not None:
            container, property_, *_ = item.iterancestors()
            _detach(item)
            if not len(container):
                _detach(container)
            if not len(property_):
                _detach(property_)
            removed = True
    return removed


def _add(rdf: etree._Element, name: str, values: list[str], *, container: str) -> None:
    if not values:
        return
    description = next(_descriptions(rdf), None)
    if description is None:
        description = _append(rdf, etree.Element(DESCRIPTION, {f"{{{RDF}}}about": ""}, nsmap=PREFIXES))
    existing = [found for each in _descriptions(rdf) for found in each.iterchildren(name)]
    if existing:
        list_ = next(existing[0].iterchildren(*CONTAINERS))
    else:
        list_ = _append(_append(description, _element(name)), _element(f"{{{RDF}}}{container}"))
    for value in values:
        _append(list_, _element(LI)).text = value


def _element(name: str) -> etree._Element:
    namespace = etree.QName(name).namespace
    return etree.Element(name, nsmap={prefix: uri for prefix, uri in PREFIXES.items() if uri == namespace})


def _append(parent: etree._Element, child: etree._Element) -> etree._Element:
    """Append with the white space that the lines around it have."""
    if len(parent):
        last = parent[-1]
        child.tail, last.tail = last.tail, parent.text
    else:
        depth = sum(1 for _ in parent.iterancestors()) + 1
        parent.text, child.tail = "\n" + " " * depth, "\n" + " " * (depth - 1)
    parent.append(child)
    return child


def _detach(child: etree._Element) -> None:
    parent, previous = next(child.iterancestors()), child.getprevious()
    if previous is not None and child.getnext() is None:
        previous.tail = child.tail
    parent.remove(child)
    if not len(parent):
        parent.text = None


def _serialise(root: etree._Element, *, declaration: bool) -> bytes:
    before, after = list(root.itersiblings(preceding=True)), root.itersiblings()
    lines = [
        etree.tostring(node, encoding="UTF-8", xml_declaration=False, with_tail=False)
        for node in (*reversed(before), root, *after)
    ]
    if declaration:
        lines.insert(0, b'<?xml version="1.0" encoding="UTF-8"?>')
    return b"\n".join([*lines, b""])
