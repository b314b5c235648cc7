"""The public benchmarks as a section of the model card, in Markdown."""

from collections.abc import Mapping

from rhetoric.training.benchmarks.figures import Benchmark, Figure, Score
from rhetoric.writing import table_row

_HEAD = ("benchmark", "by", "precision", "recall", "F1", "baseline", "published F1")


def benchmark_table(scores: Mapping[str, Benchmark]) -> str:
    """Write what ``measure_public`` gave: a table, what each benchmark counts and how, and where the published figures
    are from.
    """
    rows = [_HEAD, ("---", "---", *["---:"] * 3, "---", "---")]
    for each in scores.values():
        for at, (way, score) in enumerate(each["measured"].items()):
            beside = (_beside(each["baselines"]), _published(each)) if at == 0 else ("", "")
            figures = (_plain(score["precision"]), _plain(score["recall"]), _with_interval(score["f1"]))
            rows.append((f"{each['name']} {_part(each)}".rstrip(), way, *figures, *beside))
    lines = map(table_row, rows)
    return "\n".join([*lines, "", *map(_protocol, scores.values()), *_sources(scores)]) + "\n"


def _part(each: Benchmark) -> str:
    return "" if each["split"] == "all" else each["split"]


def _plain(figure: Figure) -> str:
    return "–" if figure["value"] is None else f"{figure['value']:.3f}"


def _with_interval(figure: Figure) -> str:
    if figure["value"] is None or figure["low"] is None:
        return _plain(figure)
    return f"**{figure['value']:.3f}** [{figure['low']:.3f}, {figure['high']:.3f}]"


def _beside(systems: Mapping[str, Score]) -> str:
    return ", ".join(f"{name} {_plain(score['f1'])}" for name, score in systems.items()) or "–"


def _published(each: Benchmark) -> str:
    return ", ".join(f"{model} {found['f1']:.3f}" for model, found in each["published"].items()) or "–"


def _protocol(each: Benchmark) -> str:
    counted = f"{each['count']:,} {each['unit']}"
    if each["positive"] != each["count"]:
        counted += f", {each['positive']:,} of them to be found"
    line = "" if each["threshold"] is None else f" Threshold {each['threshold']:g}."
    drawn = f" Interval: 95 %, bootstrap over {each['groups']:,} {each['grouped']}."
    return f"- **{each['name']}** ({counted}). {each['protocol']}{line}{drawn}"


def _sources(scores: Mapping[str, Benchmark]) -> list[str]:
    found: dict[str, list[str]] = {}
    for each in scores.values():
        for model, published in each["published"].items():
            found.setdefault(published["source"], []).append(f"{model} on {each['name']}")
    told = "; ".join(f"{', '.join(models)}: {source}" for source, models in found.items())
    return [f"- Published: {told}."] if told else []
