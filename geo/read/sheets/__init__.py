"""One module a file syntax: bytes → `geo.read.sheet.Sheet`."""
