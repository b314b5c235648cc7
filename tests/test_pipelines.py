"""Which pipelines make records, and that one makes the same when it was saved, copied or sent to another process."""

import copy
import json
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import spacy
from spacy.language import Language

from rhetoric import analyse, analysis, annotate, annotate_dataframe, load
from rhetoric.analysis import ENGLISH
from rhetoric.errors import ModelError, RhetoricError
from rhetoric.ingest.document import make_document
from rhetoric.made_by import compare_pipelines, describe, shipped_parts
from rhetoric.record import Pipeline
from rhetoric.resources import CORPORA, DETECTORS

ESSAY = (CORPORA / "essay.txt").read_text(encoding="utf-8")
MACHINERY = "The official account is of a fair race. The machinery is public money and the fear of falling behind."


def with_the_pipes_of_the_readme() -> Language:
    nlp = spacy.blank("en")
    for name in ("rhetoric_paragraphs", "sentencizer", "rhetoric_passages", "rhetoric_encoder", "rhetoric_contrast"):
        nlp.add_pipe(name)
    return nlp


@pytest.mark.parametrize(
    "run",
    [
        lambda nlp: annotate(MACHINERY, nlp=nlp),
        lambda nlp: list(analyse([make_document(MACHINERY)], nlp)),
        lambda nlp: annotate_dataframe(pd.DataFrame({"text": [MACHINERY]}), nlp=nlp),
    ],
)
def test_a_pipeline_that_lacks_pipes_is_refused_before_anything_is_analysed(nlp, run):
    with pytest.raises(RhetoricError, match=r"lacks rhetoric_actors, rhetoric_frames, .*rhetoric\.load\(\)"):
        run(with_the_pipes_of_the_readme())
    for disabled in ("rhetoric_metaphor", "parser"):
        with nlp.select_pipes(disable=[disabled]), pytest.raises(RhetoricError, match=f"lacks {disabled}, or has them"):
            run(nlp)


def test_sentences_may_be_marked_by_any_pipe(nlp):
    text = "China leads. It runs."
    with nlp.select_pipes(disable=["parser"]):
        nlp.add_pipe("sentencizer", after="rhetoric_paragraphs")
        assert annotate(text, nlp=nlp)["text"] == text
        nlp.remove_pipe("sentencizer")


def test_a_pipeline_that_was_saved_and_loaded_makes_the_same_record(nlp, tmp_path):
    nlp.to_disk(tmp_path)
    again = spacy.load(tmp_path)
    again.max_length = nlp.max_length
    assert annotate(ESSAY, nlp=again) == annotate(ESSAY, nlp=nlp)


def test_a_pipeline_that_was_saved_with_our_pipes_is_for_spacy_to_load(nlp, tmp_path):
    nlp.to_disk(tmp_path)
    with pytest.raises(ModelError, match=r"already \(rhetoric_paragraphs, .*\)\. Load it with spacy\.load\('"):
        load(str(tmp_path))


def test_every_attribute_that_is_set_on_spans_is_named_where_pipelines_are_loaded():
    """Since those of users are replaced."""
    found = set()
    for path in Path(analysis.__file__).parent.glob("pipeline/**/*.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'Span\.set_extension\("(\w+)"', text))
        for names in re.findall(r"for _name in \((.+?)\):\n    Span\.set_extension\(_name", text):
            found |= set(re.findall(r"\w+", names))
    assert len(found) > 20
    assert found <= set(re.findall(r"``(\w+)``", load.__doc__ or ""))


def pickled(nlp: Language) -> Language:
    return pickle.loads(pickle.dumps(nlp))  # noqa: S301 - what was pickled a moment ago


@pytest.mark.parametrize("copied", [copy.deepcopy, pickled])
def test_a_copy_of_a_pipeline_makes_the_same_record(nlp, copied):
    assert annotate(ESSAY, nlp=copied(nlp)) == annotate(ESSAY, nlp=nlp)


def test_a_pipeline_works_in_processes_that_are_not_forked(nlp):
    script = f"""
import multiprocessing, rhetoric
multiprocessing.set_start_method("spawn")
print([len(doc.spans["passage"]) for doc in rhetoric.load().pipe([{MACHINERY!r}] * 2, n_process=2, batch_size=1)])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[1, 1]"


def test_a_pipeline_that_is_not_installed_is_said():
    with pytest.raises(ModelError, match="spacy download en_not_here"):
        load("en_not_here")


def test_what_marks_sentences_may_have_any_name(tmp_path):
    own = spacy.blank("en")
    own.add_pipe("sentencizer", name="sentence_ends")
    own.to_disk(tmp_path)
    assert len(annotate("China leads. America follows.", nlp=load(str(tmp_path)))["passages"]) == 1


def test_a_pipeline_must_mark_sentences(tmp_path):
    spacy.blank("en").to_disk(tmp_path)
    with pytest.raises(ModelError, match="marks no sentences"):
        load(str(tmp_path))


def test_detectors_that_are_not_there_are_said(tmp_path):
    with pytest.raises(ModelError, match="nowhere"):
        load(detectors=tmp_path / "nowhere")


def draw_contrasts_anew(folder: Path, threshold: float) -> None:
    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    settings["thresholds"]["contrast.threshold"] = threshold
    (folder / "config.json").write_text(json.dumps(settings))


def test_detectors_that_another_process_changed_are_read_anew(tmp_path):
    shutil.copytree(DETECTORS, tmp_path / "mine")
    before = describe(load(detectors=tmp_path / "mine"))
    draw_contrasts_anew(tmp_path / "mine", 0.99)
    again = load(detectors=tmp_path / "mine")
    assert again.get_pipe("rhetoric_contrast").threshold == 0.99
    assert compare_pipelines(before, describe(again)) == ("contrast",)


def test_it_is_told_in_what_two_pipelines_differ(nlp, tmp_path):
    shutil.copytree(DETECTORS, tmp_path / "mine")
    draw_contrasts_anew(tmp_path / "mine", 0.99)
    shipped, mine = describe(nlp), describe(load(detectors=tmp_path / "mine"))
    assert shipped["parts"] == {"english": shipped["parts"]["english"], **shipped_parts()}
    assert compare_pipelines(shipped, mine) == ("contrast",)  # wherever the folder lies
    other = spacy.blank("en")
    other.add_pipe("sentencizer")
    other.to_disk(tmp_path / "other")
    assert compare_pipelines(shipped, describe(load(str(tmp_path / "other")))) == ("english",)


def test_the_same_detectors_are_the_same_wherever_they_lie_and_however_that_is_spelled(nlp, tmp_path, monkeypatch):
    for name in ("one", "two"):
        shutil.copytree(DETECTORS, tmp_path / name)
        draw_contrasts_anew(tmp_path / name, 0.99)
    monkeypatch.chdir(tmp_path)
    mine = load(detectors="one")
    assert describe(mine) == describe(load(detectors=tmp_path / "two")) == describe(load(detectors="two/../one/"))
    assert describe(mine) != describe(nlp) == describe(load(detectors=DETECTORS))
    mine.to_disk("saved")
    monkeypatch.chdir("/")
    assert describe(spacy.load(tmp_path / "saved")) == describe(mine)


def test_a_pipe_that_reads_another_folder_than_the_encoder_is_told_apart(tmp_path):
    for name, threshold in (("mine", 0.99), ("other", 0.9), ("copy", 0.9)):
        shutil.copytree(DETECTORS, tmp_path / name)
        draw_contrasts_anew(tmp_path / name, threshold)

    def made_with_the_contrasts_of(folder: Path | None) -> Pipeline:
        own = load(detectors=tmp_path / "mine")
        own.remove_pipe("rhetoric_contrast")
        config = {"folder": folder and str(folder)}
        own.add_pipe("rhetoric_contrast", before="rhetoric_metaphor", config=config)
        return describe(own)

    mine, other, copied = (made_with_the_contrasts_of(tmp_path / name) for name in ("mine", "other", "copy"))
    shipped = made_with_the_contrasts_of(None)
    assert mine == describe(load(detectors=tmp_path / "mine")) and copied == other
    assert mine != other != shipped != mine


def test_two_spacy_pipelines_of_one_name_are_told_apart_by_their_weights(tmp_path):
    made_by = []
    for more in (0.0, 0.1):
        english = spacy.load(ENGLISH)
        english.meta |= {"name": "pipeline", "version": "0.0.0", "sha256": ""}  # as `spacy train` leaves it
        output = english.get_pipe("tagger").model.get_ref("softmax")
        output.set_param("b", output.get_param("b") + more)
        english.to_disk(tmp_path / str(more))
        made_by += [describe(load(str(tmp_path / str(more)))) for _ in range(2)]
    one, again, other, _ = made_by
    assert one == again
    assert compare_pipelines(one, other) == ("english",)
