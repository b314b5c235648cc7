"""Reading: files, folders, globs, tables, URLs and standard input into documents."""

from rhetoric.ingest.document import Document, Failure, ReadOptions, make_document
from rhetoric.ingest.reader import read

__all__ = ["Document", "Failure", "ReadOptions", "make_document", "read"]
