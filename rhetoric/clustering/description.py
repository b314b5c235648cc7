"""A clustering: what was grouped, into what, and how sure that is."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rhetoric.clustering.chance import Chance
from rhetoric.clustering.examples import Example
from rhetoric.clustering.features import EMBEDDING_SHARE, SHARES, Features, Level
from rhetoric.clustering.naming import Trait
from rhetoric.clustering.plane import Plane
from rhetoric.clustering.table import KIND, Floats

if TYPE_CHECKING:
    import pandas as pd

    from rhetoric.clustering.stability import Stability


@dataclass(frozen=True)
class Alternative:
    """A number of clusters that was tried: its mean ``silhouette``, and its ``agreement`` under resampling."""

    clusters: int
    silhouette: float
    agreement: float


@dataclass(frozen=True)
class Cluster:
    """One cluster, numbered from 1, largest first.

    ``jaccard`` (0 to 1) says how surely it comes again in resamples, ``verdict`` the same in words, or that it is no
    finding, since chance alone makes documents differ as much. ``traits`` are what sets it apart, first what its name
    tells, then the largest. ``typical`` are the units nearest to its centre, ``passages`` those that show it best,
    ``outliers`` the units that fit it least.
    """

    number: int
    name: str
    size: int
    share: float
    jaccard: float
    verdict: str
    traits: tuple[Trait, ...]
    typical: tuple[Example, ...]
    passages: tuple[Example, ...]
    outliers: tuple[Example, ...]


@dataclass(frozen=True, repr=False)
class Clustering:
    """Documents or passages grouped by how they frame.

    ``labels`` (units) is each unit's cluster, counted from 0, in the order of :meth:`assignments`: documents in that of
    their ids, whatever order the records came in, passages of one in that of the text. ``distance`` is a unit's
    distance from the centre, ``fit`` how much nearer that is than the next centre, -1 to 1 (a simplified silhouette).
    ``left_out`` counts documents in which no passage counts. ``alternatives`` are the numbers of clusters that were
    tried, ``chosen`` says why this one. ``chance`` says whether documents differ more than in shuffles of their
    passages; of passages, and of documents of one passage each, it is None.
    """

    level: Level
    clusters: tuple[Cluster, ...]
    alternatives: tuple[Alternative, ...]
    chosen: str
    silhouette: float
    structure: str
    chance: Chance | None
    stability: "Stability"
    left_out: int
    notes: tuple[str, ...]
    seed: int
    features: Features
    labels: NDArray[np.int64]
    distance: Floats
    fit: Floats
    plane: Plane

    def __repr__(self) -> str:
        named = ", ".join(f"{each.name} ({each.size})" for each in self.clusters)
        return f"Clustering({len(self.labels)} {self.level}s in {len(self.clusters)} clusters: {named})"

    @property
    def by_chance(self) -> bool:
        """Whether chance alone makes documents differ as much, so that their clusters are no finding."""
        return len(self.clusters) > 1 and self.chance is not None and self.chance.suffices

    def to_dict(self) -> dict[str, Any]:
        """Return the description as nested dicts and lists that JSON can hold, without the assignments."""
        used = list(KIND) + (["embedding"] if self.features.embedded else [])
        return {
            "level": self.level,
            "units": len(self.labels),
            "left_out": self.left_out,
            "chosen": self.chosen,
            "silhouette": self.silhouette,
            "structure": self.structure,
            "chance": asdict(self.chance) if self.chance else None,
            "stability": asdict(self.stability),
            "alternatives": [asdict(each) for each in self.alternatives],
            "clusters": [asdict(each) for each in self.clusters],
            "plane": {
                "kept": self.plane.kept,
                **dict(zip(("left", "right", "down", "up"), self.plane.ends, strict=True)),
            },
            "features": used,
            "shares": {**SHARES, **({"embedding": EMBEDDING_SHARE} if self.features.embedded else {})},
            "every_passage": self.features.table.every_passage,
            "seed": self.seed,
            "notes": list(self.notes),
        }

    def assignments(self) -> "pd.DataFrame":
        """Return one row a unit, and at the end one a document left out, whose ``cluster`` is missing."""
        import pandas as pd

        rows: list[dict[str, Any]] = []
        table = self.features.table
        for at, unit in enumerate(self.features.unit.tolist()):
            found = self.clusters[self.labels[at]]
            of = self.features.member(at)
            row: dict[str, Any] = {"id": of.id, "title": of.title, "source": of.source, "date": of.date}
            if self.level == "passage":
                row |= dict(zip(("passage", "start", "end"), table.span[unit].tolist(), strict=True))
            else:
                row |= {"passages": of.passages, "counted": of.counted}
            row |= {"cluster": found.number, "name": found.name, "fit": self.fit[at], "distance": self.distance[at]}
            rows.append({**row, "x": self.plane.points[at, 0], "y": self.plane.points[at, 1]})
        for member in table.members if self.level == "document" else []:
            if not member.counted:
                rows.append(asdict(member))
        columns = list(rows[0])
        whole = [name for name in ("passage", "start", "end", "passages", "counted", "cluster") if name in columns]
        return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(whole, "Int64"))
