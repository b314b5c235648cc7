"""The map of clusters: one HTML page that needs nothing else, no network, no server."""

from collections.abc import Sequence, Set
from pathlib import Path
from typing import Any, Final

import numpy as np

from rhetoric.clustering.description import Clustering
from rhetoric.clustering.examples import Example, make_example
from rhetoric.clustering.naming import say
from rhetoric.clustering.table import FIELDS
from rhetoric.report.clusters import CAVEAT, say_choice, say_cluster, say_figures, say_found, say_value, say_where
from rhetoric.report.html import open_templates, own_code
from rhetoric.report.safe import clean
from rhetoric.report.words import count
from rhetoric.scoring.percent import percent

MOST_POINTS: Final = 3_000  # a browser on a small machine stays quick
_SIDE, _MARGIN = 600, 44  # of the drawing, in its own units
_NAME: Final = 500  # characters of what a point is called: whole, for it is searched, unless it is no name
_STRONGEST: Final = 3  # traits said of a point
_TRAITS: Final = 8  # said of a cluster
_FOLDER: Final = Path(__file__).parent
Key = tuple[str, int | None]  # the id of a document, and the number of its passage where passages are grouped


def draw_map(clustering: Clustering) -> str:
    """Return the page: a map, and each cluster with what sets it apart and its passages. All text is escaped."""
    units = [_key(make_example(clustering.features, unit)) for unit in range(len(clustering.labels))]
    examples = {_key(each) for cluster in clustering.clusters for each in (*cluster.typical, *cluster.outliers)}
    shown = _shown_units(units, examples)
    places = {units[unit]: at for at, unit in enumerate(shown)}
    css, js = ((_FOLDER / name).read_text(encoding="utf-8") for name in ("map.css", "map.js"))
    template = open_templates(_FOLDER).get_template("page.html")
    return template.render(
        clustering=clustering,
        title=say_found(clustering),
        choice=say_choice(clustering),
        caption=_caption(clustering, len(shown)),
        ends=dict(zip(("left", "right", "down", "up"), _ends(clustering), strict=True)),
        size=1.0 if len(shown) <= 500 else 0.75,
        points=_points(clustering, {unit: units[unit] in examples for unit in shown}),
        place_of=lambda example: places.get(_key(example), places.get((example.id, None))),
        traits=_TRAITS,
        say_cluster=say_cluster,
        say_told=lambda told: "" if told[0] == told[1] else f" in {told[0]:,} of {told[1]:,}",
        say_value=say_value,
        say_where=say_where,
        clean=clean,
        caveat=f"{say_figures(clustering)} {CAVEAT}",
        **own_code(css, js),
    )


def _shown_units(units: Sequence[Key], examples: Set[Key]) -> list[int]:
    """Return the units on the map: all, or evenly taken ones and every example; in the order of the units."""
    if len(units) <= MOST_POINTS:
        return list(range(len(units)))
    taken = set(np.linspace(0, len(units) - 1, MOST_POINTS).astype(int).tolist())
    return [at for at, unit in enumerate(units) if at in taken or unit in examples]


def _key(example: Example) -> Key:
    return example.id, example.passage


def _points(clustering: Clustering, shown: dict[int, bool]) -> list[dict[str, Any]]:
    """Return the units that are ``shown``, each of which may be an example of its cluster."""
    standard = clustering.features.standard
    where = clustering.plane.points
    low, high = where.min(axis=0), where.max(axis=0)
    wide = max(float((high - low).max()), 1e-9)  # the same scale on both axes
    placed = (where - (low + high) / 2) / wide * (_SIDE - 2 * _MARGIN)
    points = []
    for unit, outlined in shown.items():
        each = make_example(clustering.features, unit)
        strongest = [at for at in np.argsort(-standard[unit], kind="stable")[:_STRONGEST] if standard[unit, at] > 0]
        points.append(
            {
                "x": round(_SIDE / 2 + float(placed[unit, 0]), 1),
                "y": round(_SIDE / 2 - float(placed[unit, 1]), 1),
                "cluster": int(clustering.labels[unit]) + 1,
                "name": say_where(each, _NAME),
                "says": "Above the mean: " + ", ".join(say(FIELDS[at].name) for at in strongest) if strongest else "",
                # Whole, for it is searched; of documents that would be megabytes, and their names are searched alone.
                "text": clean(each.text or ""),
                "shown": outlined,
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
