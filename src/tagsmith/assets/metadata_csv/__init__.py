"""Metadata of assets as a CSV file, and what such a file says into the library.

A row per asset, known by its id, else by its path. Columns that a file does not have stay as they are; so does what an
empty cell stands for, unless whoever imports it wants it cleared. Several keywords have a semicolon between them.
"""

from tagsmith.assets.metadata_csv.exporting import export_metadata
from tagsmith.assets.metadata_csv.importing import Findings, Options, import_metadata, preview_import
from tagsmith.assets.metadata_csv.reading import Sheet, read_sheet

__all__ = ["Findings", "Options", "Sheet", "export_metadata", "import_metadata", "preview_import", "read_sheet"]
