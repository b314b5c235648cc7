"""Metaphor words: where the data keeps them, and the sentences of VUA-20, which are learned from, and of its kind."""

import gzip
import json
from pathlib import Path
from typing import Any, Final

METAPHORS: Final = Path("metaphor")  # the folder of the data that holds them
VUA: Final = METAPHORS / "vua20.jsonl.gz"


def read_vua(path: Path, part: str) -> list[dict[str, Any]]:
    """Read the sentences of one ``part`` (train, test) of VUA-20, without those of train that nobody annotated."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row for row in rows if row["split"] == part and not row.get("unannotated")]
