"""Taxonomies as files: CSV for spreadsheets, JSON for everything, the `cq:tags` tree of Adobe Experience Manager."""

from tagsmith.taxonomy.files.blocklist import entries_of_csv, entries_of_text, export_blocklist
from tagsmith.taxonomy.files.content import TagEntry, TaxonomyFile
from tagsmith.taxonomy.files.csv_form import parse_csv
from tagsmith.taxonomy.files.exporting import export_aem, export_csv, export_json
from tagsmith.taxonomy.files.importing import Report, import_taxonomy
from tagsmith.taxonomy.files.json_form import parse_json

__all__ = [
    "Report",
    "TagEntry",
    "TaxonomyFile",
    "entries_of_csv",
    "entries_of_text",
    "export_aem",
    "export_blocklist",
    "export_csv",
    "export_json",
    "import_taxonomy",
    "parse_csv",
    "parse_json",
]
