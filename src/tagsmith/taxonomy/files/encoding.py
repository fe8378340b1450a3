"""From a file's bytes to its text: UTF-8, with or without a byte order mark."""

from tagsmith import sheets
from tagsmith.errors import BadInputError, TaxonomyError


def decoded(content: bytes) -> str:
    """Return the text; raises TaxonomyError that names the encoding or the line of the first wrong byte."""
    try:
        return sheets.decoded(content)
    except BadInputError as error:
        raise TaxonomyError(error.sentence) from error
