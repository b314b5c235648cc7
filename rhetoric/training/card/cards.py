"""Model cards, written from the measurements: no figure in them is typed by hand.

What was done to make the weights is told by ``trained`` in their scores, which every run writes. ``history``, which
somebody may add by hand, tells what no run can: of which ``version`` they are (so that they ship), what is ``weak``,
as somebody has seen, and how they were ``made`` otherwise than in one run.
"""

import csv
from collections.abc import Mapping
from typing import Any

from rhetoric.gold import read_gold
from rhetoric.resources import CORPORA
from rhetoric.training.benchmarks.table import benchmark_table
from rhetoric.training.card.ablations import ablation_table
from rhetoric.training.card.portrayal import portrayal_table
from rhetoric.training.card.robustness import robustness_tables
from rhetoric.training.evaluation.metrics import Measure, table
from rhetoric.writing import table_row

_DETECTORS = """\
# Detectors: framing, contrast, metaphor and frames

{what}: all-MiniLM-L6-v2 (22 M parameters, Apache-2.0), fine-tuned with linear heads for every
label of the [codebook](../../corpora/codebook.md), as one ONNX graph. `{command}` trains,
measures and writes all of it (see CONTRIBUTING.md, and the last lines here on how these were made); every figure below comes from `scores.json` beside this card.

**For** reading how English strategy texts frame US-China AI competition, with the evidence at hand. **Not for** judging
whether a claim is true or an author honest, for irony that needs knowledge of the world, or for ranking people.

## How good it is on passages it has not seen

Three-fold cross-validation: authored passages by writer, real passages by document. Thresholds for each fold were chosen
on the other two. Value and 95 % bootstrap interval over passages (none where no draw differs, which says that passages
are few, not that it is sure). "Coder" is what a second machine coder reaches against the adjudicated gold: **the gold
is machine-coded**, by one kind of model in separate runs. No person has checked it, so the figures say how well the
codebook is followed, not that readers would agree.

`metaphor.source`, `metaphor.target`, `framing.actor*`, `portrayal.*` are shares of right answers; `ece.*` are expected
calibration errors: smaller is better; they are above 0 even of perfect probabilities, the more the fewer passages, and
their intervals lean upward. The rest are F1. `frames.*` count at probability 0.5.

### Real policy prose: {real} passages, {real_unmasking}

{real_table}

Fields with an agreement below alpha .90 between coders (`frames.restriction`, `frames.state`, `portrayal.*`,
`metaphor.target`) should be read with that much less trust.

### Real prose coded quickly: {fresh:,} passages

For the most part think-tank papers, essays and speeches on AI and the rivalry of states; the rest UN statements and White
House papers. All of `corpora/gold/fresh.jsonl` from documents of which nothing else was coded, each read by weights that
have not seen its document (though maybe others by its author). They were coded once, quickly, so that part of what is
counted wrong here is the coder's; "coder" is what one more coder reaches against these codes, on {again} of the passages
(`corpora/gold/again.jsonl`): few are framing. **On texts of your own expect figures between these and those above.**

{fresh_table}

### Passages written for the project: {authored} passages, hard on purpose

{authored_table}

### Baselines, on the same folds

Majority; word counts (TF-IDF, logistic regression), trained on the same kind of passage or on all; the cue lists of the
codebook; a metaphor lexicon from VUA-20. A dash: that baseline does not answer.{learned_alike}

Real:

{real_baselines}

Authored:

{authored_baselines}

### Other texts

- The essay the project began from ({essay} passages, never trained on): framing F1 `unmasking` {essay_unmasking}, account
  {essay_account}, machinery {essay_machinery}, contrast {essay_contrast}, live metaphor {essay_live}. Eight passages are a sanity check, no
  measurement; and of several decisions on framing that did alike on the gold, one that finds more of the essay ships.

### Public benchmarks

{weights}, trained on the training parts of VUA-20 (without its 716 sentences that nobody annotated) and of GUM
(free texts; what finds connectives, on its development part too). One seed. `rhetoric benchmark public` prints this table.

{benchmarks}

### Spoiled texts, renamed countries, other topics

Every third held-out passage of both kinds once more, read by weights that have not seen it.

{disturbed}

A dash: labels move only where a text is spoiled; and of passages about anything else none is about the matter and few or
none have a given frame, so that arithmetic alone makes F1 of `about` 0, and the mean of frames low.

{swapped}

{portrayal}{corrections}

{denials}{denials_learned}

### What parts of it are worth

Everything that is chosen after training chosen anew without a part, on the same folds; the difference with its paired 95 % interval.

{ablations}

## What it was trained on

| data | licence | for |
| --- | --- | --- |
| the project's gold: {authored} authored, {real} real passages | CC BY-SA 4.0 (codes; texts of real passages are not shipped) | every head |
| the project's silver (`silver`, `further` and, learned last, `fresh`): {silver:,} and {learned_last:,} real passages, coded once; of `silver` and `further` without those that repeat a measured passage of another document | the same; of the {texts:,} texts of both catalogues {unlicensed} state no licence, and {unlicensed_fresh:,} passages of `fresh` are of these: only weights and offsets come of them | every head{thin} |
| {written} passages written for training, coded once by their writers | CC BY-SA 4.0 | every head |
| {rewritten} passages written after real ones, coded once by their writers | CC BY-SA 4.0 | every head |
{pairs_row}| GUM, texts with a free licence, training part: explicit contrast, concession and substitution of its PDTB layer (for connectives of its development part too) | annotation CC BY 4.0; texts CC BY, CC BY-SA, public domain | contrast sides and cues, connectives |
| VU Amsterdam Metaphor Corpus, as VUA-20 | CC BY-SA 3.0 as released for the shared task; an older header says non-commercial | metaphor words |
| all-MiniLM-L6-v2 | Apache-2.0 | starting weights |
{teacher_rows}
The weights are therefore shared under CC BY-SA 4.0. Recipe: `{recipe}`. Thresholds: `{thresholds}`.

## What is known to be weak

- A baseline does better, on real prose: {real_beaten}; on authored passages: {authored_beaten}.
- Framing in real policy prose is rare (about one passage in twenty of a set that was picked to hold it), so its precision
  and recall rest on few cases: look at the intervals, and at the passage itself.
- In the second table above {lower} of {both} figures are lower; of what is called unmasking there {right:.0%} is right.
{weak}- Scores of frames, `about`, framing, contrasts and live metaphors are fitted on held-out passages (those of frames are then
  moved up, so that what serves F1 best as a line stands at a half); those of metaphor-related
  words that are not live are not calibrated and run high. The line for metaphor-related words ({line:g}) follows from theory, not from tuning.
- One instance of framing a passage. Antithesis has an F1 of {real_antithesis:.2f} on real prose and {authored_antithesis:.2f} on authored
  passages; what a metaphor is about is told right {real_target:.0%} and {authored_target:.0%} of the time.
- Metaphor-related words (MIPVU) are told by two heads: for a quarter by a linear one, which shares the encoder with all the
  rest, for three quarters by one fitted last to the lower half of that encoder (`rhetoric train metaphors`).
{made}- How much is kept of {last_round}what the fresh passages taught{comma} was chosen by how the encoder did on the
  held-out passages above, which flatters the figures a little.
- One seed: how much another start of the same training would change was not measured. {who} trained on
  {machines}, step by step, so that a rerun of the recipe {rerun}.
- Large matrices are multiplied as int8, each token by levels of its own; what that costs stands above. On one machine a
  text always gets the same scores, whatever is analysed beside it. On another kind of processor they can differ a little,
  since what is near the edge of a level falls this way or that.
- What weigher and decisions learn from is held out from the encoder throughout.
"""

_PARSER = """\
# English: tags, lemmas, dependency parse and sentences

A spaCy pipeline (spaCy's efficiency architecture) with static vectors distilled from all-MiniLM-L6-v2, trained on
the training parts of Universal Dependencies English EWT (CC BY-SA 4.0) and of GUM without its non-commercial texts
(annotation CC BY 4.0, texts CC BY, CC BY-SA or public domain). Shared under CC BY-SA 4.0. Made, measured and written by
one command, `rhetoric train parser` (see CONTRIBUTING.md); the figures come from `scores.json` beside this card.

Raw text in, documents of ten sentences, spaCy's scorer, official test sets; punctuation is left out of UAS and LAS. Words
a second: one process, the machine that trained it.

| test set | tags | lemmas | UAS | LAS | sentences F | words/s |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}

A better pipeline that you have installed takes its place with `--spacy-model NAME`.
"""


def parser_card(scores: Mapping[str, Mapping[str, float]]) -> str:
    """Write the card of the English pipeline."""
    rows = []
    for name, found in scores.items():
        shares = [f"{100 * found[key]:.1f}" for key in ("tags", "lemmas", "uas", "las", "sentences")]
        rows.append(table_row([name.upper(), *shares, f"{found['words_per_second']:,.0f}"]))
    return _PARSER.format(rows="\n".join(rows))


def detectors_card(scores: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    """Write the card of the detectors."""
    passages, essay = scores["passages"], scores["essay"]
    gold = {kind: _measures(scores["measured"][kind]) for kind in ("real", "authored")}
    tables = {}
    for kind, found in gold.items():
        coder = {name: Measure(value) for name, value in scores["ceiling"][kind].items()}
        tables[f"{kind}_table"] = table({"detectors": found, "coder": coder}).strip()
        others = {name: _measures(measures) for name, measures in scores["baselines"][kind].items()}
        tables[f"{kind}_baselines"] = table(
            {"detectors": _points(found), **{n: _points(m) for n, m in others.items()}}
        ).strip()
    tables["fresh_table"] = table(
        {
            "detectors": _measures(scores["fresh"]),
            "coder": {name: Measure(value) for name, value in scores["ceiling"]["fresh"].items()},
        }
    ).strip()
    return _DETECTORS.format(
        **tables,
        **{kind: count for kind, count in passages.items() if kind not in ("real_unmasking", "pairs")},
        **{f"{kind}_beaten": _beaten(scores, kind) for kind in ("real", "authored")},
        real_unmasking=f"{passages['real_unmasking']} of them unmasking",
        **{f"essay_{key}": f"{essay[name]['value']:.2f}" for key, name in _ESSAY.items()},
        benchmarks=benchmark_table(scores["benchmarks"]).strip(),
        **robustness_tables(scores["robustness"]),
        portrayal=_portrayal(scores.get("portrayal")),
        ablations=ablation_table(scores["ablations"]),
        recipe=_brief(_used(settings["recipe"], scores["trained"])),
        thresholds=_brief(settings["thresholds"]),
        line=settings["thresholds"]["metaphor.any"],
        **_weak(scores),
        **_rights(),
        **_came_about(scores["trained"], scores.get("history", {}), passages.get("pairs", 0)),
    )


_ESSAY = {
    "unmasking": "framing.unmasking",
    "account": "framing.account",
    "machinery": "framing.machinery",
    "contrast": "contrast.any",
    "live": "metaphor.live",
}


def _weak(scores: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures that say what is weak."""
    real, fresh = scores["measured"]["real"], scores["fresh"]
    both = [name for name in real if name in fresh and not name.startswith("ece.")]
    told: dict[str, Any] = {
        "both": len(both),
        "lower": sum(fresh[name]["value"] < real[name]["value"] for name in both),
        "right": fresh["framing.unmasking.precision"]["value"],
    }
    for kind, found in scores["measured"].items():
        told |= {f"{kind}_antithesis": found["contrast.antithesis"]["value"]}
        told |= {f"{kind}_target": found["metaphor.target"]["value"]}
    return told


def _rights() -> dict[str, int]:
    """Count the texts of the catalogues that state no licence, and the fresh passages of these."""
    silent, texts = set(), 0
    for name in ("texts.csv", "further.csv"):
        with (CORPORA / name).open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                texts += 1
                if row["licence_or_rights"].startswith("not stated"):
                    silent.add(row["slug"])
    passages = sum(row["slug"] in silent for row in read_gold(CORPORA / "gold" / "fresh.jsonl"))
    return {"texts": texts, "unlicensed": len(silent), "unlicensed_fresh": passages}


def _came_about(trained: Mapping[str, Any], history: Mapping[str, Any], pairs: int) -> dict[str, str]:
    """Say how the weights came about: what a run has stored, and what somebody has added to it."""
    teachers, version = trained["teachers"], history.get("version")
    who = f"{_NUMBERS.get(teachers, teachers)} teacher{'s' * (teachers > 1)}"
    on_cpu = trained["machines"] == ["a CPU"]
    return {
        "what": f"What `rhetoric` ships in version {version}" if version else "What a run of the command below made",
        "weights": "The weights that ship" if version else "These weights",
        "command": "rhetoric train detectors" + " --teacher MPNET" * bool(teachers),
        "learned_alike": "\nThey learned from the same passages as the detectors." * (trained["baselines"] == "all"),
        "denials_learned": f" {_DENIALS}" * bool(trained["denials"]),
        "thin": f"; live metaphors of all but {trained['thin']:,}" * bool(trained["thin"]),
        "pairs_row": _PAIRS.format(pairs=pairs) * bool(pairs),
        "teacher_rows": _TEACHER.format(who=who, windows=round(trained["windows"], -3)) * bool(teachers),
        "weak": "".join(f"- {each}\n" for each in history.get("weak", ())),
        "made": "".join(f"- {each}\n" for each in history.get("made", ())),
        "last_round": "the last round, and of " * bool(teachers),
        "comma": "," * bool(teachers),
        "who": f"Teacher{'s' * (teachers > 1)} and student were" if teachers else "All was",
        "machines": " and ".join(trained["machines"]),
        "rerun": "gives the same bytes on the same machine with the same libraries" if on_cpu else "gives other bytes",
    }


def _portrayal(found: Mapping[str, Any] | None) -> str:
    """Return what was measured of portrayal on passages that nothing has learned; nothing where it was not."""
    return _UNSEEN.format(table=portrayal_table(found), **found) if found else ""


_UNSEEN = """\
How a country is portrayed is told by the words that name it, where a passage names one of the two, else by the passage as
a whole. What these words tell was fitted last (`rhetoric train portrayal`), to {learned:,} passages as they are and with the countries exchanged.
{passages} real passages that no weights have learned, with {portrayals} portrayals, coded once
(`corpora/gold/portrayed.jsonl`, and those of `later.jsonl` that name a country): shares of right answers, as they are
and with the countries exchanged, and how often the answer goes with what is said and not with the name.

{table}

"""
_NUMBERS = {1: "one", 2: "two", 3: "three"}
_DENIALS = "Each was read by weights that have learned such passages of the other writers."
_PAIRS = """\
| {pairs} passages written in pairs and threes that differ in little, some after real ones, coded once by their writers | CC BY-SA 4.0 | every head but those of contrasts and metaphors; learned last |
"""
_TEACHER = """\
| all-mpnet-base-v2 | Apache-2.0 | starting weights of {who}: trained on the same passages, they told the small encoder what they made of them, and of some {windows:,} windows that nobody coded, cut from the texts of both catalogues, which say what is known of their rights, from the passages (all of no held-out document) and from the treebanks below |
| Universal Dependencies English EWT; GUM, texts with a free licence | CC BY-SA 4.0; texts CC BY, CC BY-SA, public domain | windows that the teachers told of (their text, no annotation) |
"""


def _used(recipe: Mapping[str, Any], trained: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a recipe was followed: without teachers that is less of it."""
    unused = () if trained["teachers"] else ("teacher", "teachers", "window_share")
    kept = {name: value for name, value in recipe.items() if name not in unused}
    return {**kept, "rounds": recipe["rounds"][: trained["rounds"]]}


def _beaten(scores: Mapping[str, Any], kind: str) -> str:
    """Name the metrics on which some baseline is better than the detectors, calibration errors left out."""
    found = []
    for name, ours in scores["measured"][kind].items():
        theirs = [each[name]["value"] for each in scores["baselines"][kind].values() if name in each]
        if theirs and max(theirs) > ours["value"] and not name.startswith("ece."):
            found.append(f"`{name}` ({max(theirs):.2f} against {ours['value']:.2f})")
    return ", ".join(found) or "none"


def _measures(plain: Mapping[str, Mapping[str, float | None]]) -> dict[str, Measure]:
    """Return stored figures; those of older weights have intervals of no width where no draw differs, which say nothing."""
    found = {name: Measure(each["value"] or 0.0, each["low"], each["high"]) for name, each in plain.items()}
    return {name: Measure(each.value) if each.low == each.high else each for name, each in found.items()}


def _points(measures: Mapping[str, Measure]) -> dict[str, Measure]:
    return {name: Measure(each.value) for name, each in measures.items()}


def _brief(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_told(value)}" for name, value in sorted(values.items()))


def _told(value: Any) -> str:  # noqa: ANN401 - what JSON holds
    if isinstance(value, Mapping):
        return f"({_brief(value)})"
    if isinstance(value, list):
        rounds = all(isinstance(each, Mapping) for each in value)
        return " then ".join(map(_told, value)) if rounds else f"({', '.join(map(_told, value))})"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
