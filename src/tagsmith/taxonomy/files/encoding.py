"""From a file's bytes to its text: UTF-8, with or without a byte order mark."""

import codecs

from tagsmith.errors import TaxonomyError

_OTHERS = {  # the longer marks first: one begins like a shorter one
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def decoded(content: bytes) -> str:
    """Return the text; raises TaxonomyError that names the encoding or the line of the first wrong byte."""
    for mark, name in _OTHERS.items():
        if content.startswith(mark):
            raise TaxonomyError(f"line 1: the file is encoded as {name}: save it as UTF-8")
    if b"\0" in content:
        line = _line(content, content.index(b"\0"))
        raise TaxonomyError(f"line {line}: a zero byte: the file is no text, or is encoded as UTF-16: save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = error.start + (len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0)
        bad = f"line {_line(content, start)}: the byte 0x{content[start]:02x} is not UTF-8"
        raise TaxonomyError(f"{bad}: the file may be encoded as Windows-1252 or Latin-1: save it as UTF-8") from error


def _line(content: bytes, position: int) -> int:
    before = content[:position].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1
