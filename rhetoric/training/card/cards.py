"""Model cards, written from the measurements: no figure in them is typed by hand."""

from collections.abc import Mapping
from typing import Any

from rhetoric.training.benchmarks import benchmark_table
from rhetoric.training.card.ablations import ablation_table
from rhetoric.training.card.robustness import robustness_tables
from rhetoric.training.evaluation.metrics import Measure, table

_DETECTORS = """\
# Detectors: framing, contrast, metaphor and frames

What `rhetoric` ships in version 0.1: all-MiniLM-L6-v2 (22 M parameters, Apache-2.0), fine-tuned with linear heads for every
label of the [codebook](../../corpora/codebook.md), as one ONNX graph. `rhetoric train detectors --teacher MPNET` trains,
measures and writes all of it (see CONTRIBUTING.md, and the last lines here on how these were made); every figure below comes from `scores.json` beside this card.

**For** reading how English strategy texts frame US-China AI competition, with the evidence at hand. **Not for** judging
whether a claim is true or an author honest, for irony that needs knowledge of the world, or for ranking people.

## How good it is on passages it has not seen

Three-fold cross-validation: authored passages by writer, real passages by document. Thresholds for each fold were chosen
on the other two. Value and 95 % bootstrap interval over passages. "Coder" is what a second machine coder reaches
against the adjudicated gold: **the gold is machine-coded**, by one kind of model in separate runs. No person has checked
it, so the figures say how well the codebook is followed, not that readers would agree.

`metaphor.source`, `metaphor.target`, `framing.actor*`, `portrayal.*` are shares of right answers; `ece.*` are expected
calibration errors (smaller is better); the rest are F1. `frames.*` count at probability 0.5.

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
codebook; a metaphor lexicon from VUA-20. A dash: that baseline does not answer.

Real:

{real_baselines}

Authored:

{authored_baselines}

### Other texts

- The essay the project began from ({essay} passages, never trained on): framing F1 `unmasking` {essay_unmasking}, account
  {essay_account}, machinery {essay_machinery}, contrast {essay_contrast}, live metaphor {essay_live}. Eight passages are a sanity check, no
  measurement; and of several decisions on framing that did alike on the gold, one that finds more of the essay ships.

### Public benchmarks

The weights that ship, trained on the training parts of VUA-20 (without its 716 sentences that nobody annotated) and of GUM
(free texts). One pass a sentence, one seed. `rhetoric benchmark public` prints this table.

{benchmarks}

### Spoiled texts, renamed countries, other topics

Every third held-out passage of both kinds once more, read by weights that have not seen it.

{disturbed}

{swapped}

{corrections}

{denials}

### What parts of it are worth

Everything that is chosen after training chosen anew without a part, on the same folds; the difference with its paired 95 % interval.

{ablations}

## What it was trained on

| data | licence | for |
| --- | --- | --- |
| the project's gold: {authored} authored, {real} real passages | CC BY-SA 4.0 (codes; texts of real passages are not shipped) | every head |
| the project's silver (`silver`, `further` and, learned last, `fresh`): {silver} and {learned_last} real passages, coded once | the same | every head |
| {written} passages written for training, coded once by their writers | CC BY-SA 4.0 | every head |
| {rewritten} passages written after real ones, coded once by their writers | CC BY-SA 4.0 | every head |
| GUM, texts with a free licence: explicit contrast, concession and substitution of its PDTB layer | annotation CC BY 4.0; texts CC BY, CC BY-SA, public domain | contrast sides and cues |
| VU Amsterdam Metaphor Corpus, as VUA-20 | CC BY-SA 3.0 as released for the shared task; an older header says non-commercial | metaphor words |
| all-MiniLM-L6-v2 | Apache-2.0 | starting weights |
| all-mpnet-base-v2 | Apache-2.0 | starting weights of two teachers: trained on the same passages, they told the small encoder what they made of them, and of some 63,000 windows that nobody coded, cut from the texts of both catalogues, which name their rights, from the passages (all of no held-out document) and from the treebanks below |
| Universal Dependencies English EWT; GUM, texts with a free licence | CC BY-SA 4.0; texts CC BY, CC BY-SA, public domain | windows that the teachers told of (their text, no annotation) |

The weights are therefore shared under CC BY-SA 4.0. Recipe: `{recipe}`. Thresholds: `{thresholds}`.

## What is known to be weak

- A baseline does better, on real prose: {real_beaten}; on authored passages: {authored_beaten}.
- Framing in real policy prose is rare (about one passage in twenty of a set that was picked to hold it), so its precision
  and recall rest on few cases: look at the intervals, and at the passage itself.
- In the second table above most figures are lower, and what is called unmasking there is wrong more often than right.
- Long reflective paragraphs about both countries, such as those of the essay, are where framing is most often missed.
- Where framing is found in policy prose, the words of account and machinery often are not: read the whole passage.
- Scores of frames, `about`, framing, contrasts and live metaphors are fitted on held-out passages (those of frames are then
  moved up, so that what serves F1 best as a line stands at a half); those of metaphor-related
  words that are not live are not calibrated and run high. The line for metaphor-related words (0.35) follows from theory, not from tuning.
- One instance of framing a passage; antithesis is recognised half of the time; what a metaphor is about is told right
  little more than half of the time.
- Metaphor-related words (MIPVU) are told by two heads: for a third by a linear one, which shares the encoder with all the
  rest, for two thirds by one fitted last to the lower half of that encoder.
- What ships was trained in three sittings: the first two rounds of the recipe heard teachers of an earlier version, which
  knew three quarters of the passages; the fresh passages were learned last, on a CPU. A rerun of the recipe, all in one
  sitting, was not measured.
- How much is kept of the last round, and of what the fresh passages taught, was chosen by how the encoder did on the
  held-out passages above, which flatters the figures a little.
- One seed: how much another start of the same training would change was not measured. Teachers and student were trained on
  one H200 GPU in bfloat16, step by step, so that a rerun of the recipe gives other bytes.
- Large matrices are multiplied as int8, each token by levels of its own; what that costs stands above. On one machine a
  text always gets the same scores, whatever is analysed beside it. On another kind of processor they can differ a little,
  since what is near the edge of a level falls this way or that; how much was not measured on one.
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
        rows.append(f"| {name.upper()} | {' | '.join(shares)} | {found['words_per_second']:,.0f} |")
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
        **{kind: count for kind, count in passages.items() if kind != "real_unmasking"},
        **{f"{kind}_beaten": _beaten(scores, kind) for kind in ("real", "authored")},
        real_unmasking=f"{passages['real_unmasking']} of them unmasking",
        **{f"essay_{key}": f"{essay[name]['value']:.2f}" for key, name in _ESSAY.items()},
        benchmarks=benchmark_table(scores["benchmarks"]).strip(),
        **robustness_tables(scores["robustness"]),
        ablations=ablation_table(scores["ablations"]),
        recipe=_brief(settings["recipe"]),
        thresholds=_brief(settings["thresholds"]),
    )


_ESSAY = {
    "unmasking": "framing.unmasking",
    "account": "framing.account",
    "machinery": "framing.machinery",
    "contrast": "contrast.any",
    "live": "metaphor.live",
}


def _beaten(scores: Mapping[str, Any], kind: str) -> str:
    """Name the metrics on which some baseline is better than the detectors, calibration errors left out."""
    found = []
    for name, ours in scores["measured"][kind].items():
        theirs = [each[name]["value"] for each in scores["baselines"][kind].values() if name in each]
        if theirs and max(theirs) > ours["value"] and not name.startswith("ece."):
            found.append(f"`{name}` ({max(theirs):.2f} against {ours['value']:.2f})")
    return ", ".join(found) or "none"


def _measures(plain: Mapping[str, Mapping[str, float | None]]) -> dict[str, Measure]:
    return {name: Measure(each["value"] or 0.0, each["low"], each["high"]) for name, each in plain.items()}


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
