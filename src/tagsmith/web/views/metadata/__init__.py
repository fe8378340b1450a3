"""The metadata of many assets: changed at once, and as a file for a spreadsheet."""
