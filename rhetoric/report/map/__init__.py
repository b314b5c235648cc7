"""The map of clusters: one HTML page that needs nothing else, no network, no server."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rhetoric.clustering.description import Cluster, Clustering
from rhetoric.clustering.examples import Example
from rhetoric.clustering.naming import say
from rhetoric.clustering.table import FIELDS
from rhetoric.report.clusters import CAVEAT, describe, describe_choice, describe_cluster, say_value, say_where
from rhetoric.report.safe import clean, policy_hash
from rhetoric.report.words import count
from rhetoric.scoring.percent import percent

MOST_POINTS: Final = 3_000  # a browser on a small machine stays quick
_SIDE, _MARGIN = 600, 44  # of the drawing, in its own units
_NAME: Final = 500  # characters of what a point is called: whole, for it is searched, unless it is no name
_STRONGEST: Final = 3  # traits said of a point
_TRAITS: Final = 8
_FOLDER: Final = Path(__file__).parent


def draw_map(clustering: Clustering) -> str:
    """Return the page: a map, and each cluster with what sets it apart and its passages. All text is escaped."""
    environment = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined)
    css, js = ((_FOLDER / name).read_text(encoding="utf-8") for name in ("map.css", "map.js"))
    shown = _shown_units(clustering)
    points = _points(clustering, shown)
    places = {(point["id"], point["passage"]): at for at, point in enumerate(points)}
    return environment.get_template("page.html").render(
        title=describe(clustering),
        choice=describe_choice(clustering),
        notes=clustering.notes,
        level=clustering.level,
        caption=_caption(clustering, len(shown)),
        ends=dict(zip(("left", "right", "down", "up"), _ends(clustering), strict=True)),
        size=1.0 if len(shown) <= 500 else 0.75,
        points=[{key: value for key, value in point.items() if key not in ("id", "passage")} for point in points],
        names=[cluster.name for cluster in clustering.clusters],
        clusters=[_cluster(cluster, clustering, places) for cluster in clustering.clusters],
        alternatives=clustering.alternatives,
        caveat=CAVEAT,
        css=Markup(css),  # noqa: S704 - our own file
        js=Markup(js),  # noqa: S704 - our own file
        hashes={"css": policy_hash(css), "js": policy_hash(js)},
    )


def _shown_units(clustering: Clustering) -> list[int]:
    """Return the units on the map: all, or evenly taken ones and every example; in the order of the units."""
    units = len(clustering.labels)
    if units <= MOST_POINTS:
        return list(range(units))
    taken = set(np.linspace(0, units - 1, MOST_POINTS).astype(int).tolist())
    examples = {_key(example) for each in clustering.clusters for example in _examples(each)}
    return [at for at in range(units) if at in taken or _unit_key(clustering, at) in examples]


def _examples(cluster: Cluster) -> Iterable[Example]:
    yield from cluster.typical
    yield from cluster.outliers


def _key(example: Example) -> tuple[str, int | None]:
    return example.id, example.passage


def _unit_key(clustering: Clustering, unit: int) -> tuple[str, int | None]:
    row = int(clustering.features.unit[unit])
    if clustering.level == "document":
        return clustering.table.members[row].id, None
    return clustering.table.members[clustering.table.document[row]].id, int(clustering.table.span[row, 0])


def _points(clustering: Clustering, shown: list[int]) -> list[dict[str, Any]]:
    table, standard = clustering.table, clustering.features.standard
    where = clustering.plane.points
    low, high = where.min(axis=0), where.max(axis=0)
    wide = max(float((high - low).max()), 1e-9)  # the same scale on both axes
    placed = (where - (low + high) / 2) / wide * (_SIDE - 2 * _MARGIN)
    examples = {_key(example) for each in clustering.clusters for example in _examples(each)}
    points = []
    for unit in shown:
        row = int(clustering.features.unit[unit])
        member = table.members[row if clustering.level == "document" else table.document[row]]
        id, passage = _unit_key(clustering, unit)
        strongest = [at for at in np.argsort(-standard[unit], kind="stable")[:_STRONGEST] if standard[unit, at] > 0]
        points.append(
            {
                "id": id,
                "passage": passage,
                "x": round(_SIDE / 2 + float(placed[unit, 0]), 1),
                "y": round(_SIDE / 2 - float(placed[unit, 1]), 1),
                "cluster": int(clustering.labels[unit]) + 1,
                "name": say_where(Example(id, member.title, member.source, member.called, passage), _NAME),
                "says": "Above the mean: " + ", ".join(say(FIELDS[at].name) for at in strongest) if strongest else "",
                # Whole, for it is searched; of documents that would be megabytes, and their names are searched alone.
                "text": clean(table.text(row)) if clustering.level == "passage" else "",
                "shown": (id, passage) in examples,
            }
        )
    return points


def _ends(clustering: Clustering) -> list[str]:
    arrows = ("↑ {}", "↑ {}", "↓ {}", "↑ {}")  # those on the left and on the right are turned with their words
    return [form.format(end) if end else "" for form, end in zip(arrows, clustering.plane.ends, strict=True)]


def _caption(clustering: Clustering, shown: int) -> str:
    part = (
        ""
        if shown == len(clustering.labels)
        else f" {shown:,} of {count(len(clustering.labels), clustering.level)} are shown."
    )
    return (
        "The plane in which the clusters lie farthest apart; along the edges stands what grows that way. It keeps "
        f"{percent(clustering.plane.kept)} of the differences, so that points close together here may be far apart in "
        f"the rest. Examples of a cluster are outlined.{part}"
    )


def _cluster(cluster: Cluster, clustering: Clustering, places: dict[tuple[str, int | None], int]) -> dict[str, Any]:
    def example(each: Example) -> dict[str, Any]:
        at = places.get(_key(each), places.get((each.id, None)))
        return {"name": say_where(each), "text": clean(each.text or ""), "point": at}

    return {
        "number": cluster.number,
        "name": cluster.name,
        "size": cluster.size,
        "said": describe_cluster(cluster, clustering) + ".",
        "traits": [
            {
                "meaning": trait.meaning,
                "inside": say_value(trait.inside, trait.unit),
                "outside": say_value(trait.outside, trait.unit),
                "size": trait.size,
            }
            for trait in cluster.traits[:_TRAITS]
        ],
        "passages": [example(each) for each in cluster.passages],
        "typical": [example(each) for each in cluster.typical],
        "outliers": [example(each) for each in cluster.outliers],
    }
