"""Execute the notebooks in place, on what ships, and keep what they put out: to be done whenever the weights change.

python notebooks/execute.py [NOTEBOOK...]
"""

import sys
import tempfile
from os import environ
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent


def execute(path: Path) -> None:
    """Execute a notebook and write it anew; nothing in it tells when or by whom that was done."""
    book = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(FOLDER)}}
    NotebookClient(book, kernel_name="python3", timeout=600, record_timing=False, resources=resources).execute()
    book.metadata["language_info"] = {"name": "python"}
    path.write_text(nbformat.writes(book) + "\n", encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as settings:
        environ["IPYTHONDIR"] = settings  # nobody's own settings
        for name in sys.argv[1:] or sorted(map(str, FOLDER.glob("*.ipynb"))):
            execute(Path(name))
