"""The language as data and as a page, read from the table in :mod:`nixc.schema`."""
