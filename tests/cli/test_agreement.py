import hashlib
import json
import sys
from pathlib import Path

import pytest
from training.makers import authored

from .conftest import Invoke, write


@pytest.fixture(autouse=True)
def _extra() -> None:
    pytest.importorskip("krippendorff", reason="needs the extra agreement")
    pytest.importorskip("scipy", reason="needs the extra agreement")


def coders(invoke: Invoke) -> tuple[str, str]:
    gold = authored()[:12]
    other = [{**row, "framing": "none", "live_metaphors": []} for row in gold[1:]]
    return write("anna.jsonl", gold), write("ben.jsonl", other)


def test_figures_are_printed_with_a_word_on_each(invoke: Invoke) -> None:
    done = invoke("agreement", *coders(invoke))
    assert done.exit_code == 0
    assert "AGREEMENT  anna and ben" in done.stdout and "1 passage that only one coded" in done.stdout
    (framing,) = [line for line in done.stdout.splitlines() if line.startswith("framing ")]
    assert framing.rstrip().endswith(("no better than chance", "not to be relied on"))
    (metaphor,) = [line for line in done.stdout.splitlines() if line.startswith("metaphor ") and "with" not in line]
    assert "0 of 10 meet, 0 exactly" in metaphor
    for source in ("Krippendorff 2018", "Artstein & Poesio 2008", "Hripcsak & Rothschild 2005"):
        assert source in " ".join(done.stdout.split())
    assert "nan" not in done.stdout


def test_what_only_one_coder_coded_is_named(invoke: Invoke) -> None:
    gold = [
        {**row, "frames": {frame: on for frame, on in row["frames"].items() if frame != "race"}} for row in authored()
    ]
    mine = [{**row, "frames": {**row["frames"], "my own": at % 2}} for at, row in enumerate(gold[:6])]
    done = invoke("agreement", write("anna.jsonl", mine), write("ben.jsonl", gold[:6]))
    assert "Not coded by two of them: frames.race and frames.my own." in " ".join(done.stdout.split())


def test_json_has_every_field_and_no_nan(invoke: Invoke) -> None:
    done = invoke("agreement", *coders(invoke), "--json")
    found = json.loads(done.stdout)
    assert found["coders"] == ["anna", "ben"] and (found["passages"], found["alone"]) == (11, 1)
    by = {each["field"]: each for each in [*found["labels"], *found["spans"]]}
    assert {"framing", "frames.race", "portrayal.stance", "framing.account", "contrast with label", "metaphor.war"} <= {
        *by
    }
    assert by["about"]["alpha"]["value"] is None or by["about"]["agreed"]["value"] == 1.0
    assert found["disagreements"] > 0


def test_passages_kept_as_offsets_have_their_text_from_a_folder(invoke: Invoke) -> None:
    text = "America must lead. China must follow."
    Path("texts").mkdir()
    Path("texts/doc.txt").write_text(text, encoding="utf-8")
    sha = hashlib.sha256(text.encode()).hexdigest()[:16]
    row = {"id": "doc#0", "slug": "doc", "start": 0, "end": len(text), "sha": sha, "about": 1}
    files = write("anna.jsonl", [row]), write("ben.jsonl", [{**row, "about": 0}])
    assert invoke("agreement", *files, "--disagreements", "settle.csv").exit_code == 0
    assert text not in Path("settle.csv").read_text(encoding="utf-8")
    told = invoke("agreement", *files, "--disagreements", "settle.csv", "--overwrite", "--texts", "texts")
    assert told.exit_code == 0 and text in Path("settle.csv").read_text(encoding="utf-8")


def test_disagreements_go_to_a_file_that_is_not_overwritten_unasked(invoke: Invoke) -> None:
    files = coders(invoke)
    done = invoke("agreement", *files, "--disagreements", "settle.csv")
    assert done.exit_code == 0 and "All are in settle.csv" in done.stdout
    assert Path("settle.csv").read_text(encoding="utf-8-sig").startswith("id,field,kind,anna,ben,text\n")
    assert invoke("agreement", *files, "--disagreements", "settle.csv").exit_code == 2
    assert invoke("agreement", *files, "--disagreements", "settle.csv", "--overwrite").exit_code == 0
    done = invoke("agreement", *files, "--disagreements", "settle.txt")
    assert done.exit_code == 2 and ".jsonl or .csv" in done.stderr


def test_what_cannot_be_compared_is_said(invoke: Invoke) -> None:
    anna, ben = coders(invoke)
    done = invoke("agreement", anna)
    assert done.exit_code == 2 and "needs two coders" in done.stderr
    done = invoke("agreement", anna, ben, "--coder", "anna", "--coder", "eve")
    assert done.exit_code == 2 and "no coder eve" in done.stderr
    done = invoke("agreement", anna, write("broken.jsonl", [{"id": "x", "framing": "maybe"}]))
    assert done.exit_code == 2 and "broken.jsonl:1" in done.stderr
    moved = [{**row, "text": row["text"] + " More."} if at == 3 else row for at, row in enumerate(authored()[:12])]
    done = invoke("agreement", anna, write("moved.jsonl", moved))
    assert done.exit_code == 0 and f"{moved[3]['id']}: left out" in done.stderr


def test_text_of_others_cannot_act_on_the_terminal(invoke: Invoke) -> None:
    gold = authored()[:3]
    for row in gold:
        row["id"] = "\x1b[31m[red]" + row["id"]
    files = [
        write(f"{name}.jsonl", [{**row, "framing": name, "coder": "\x1b[1m[b]" + name} for row in gold])
        for name in ("none", "partial")
    ]
    done = invoke("agreement", *files)
    assert done.exit_code == 0 and "\x1b" not in done.stdout and "[red]a-00" in done.stdout and "[b]none" in done.stdout


@pytest.mark.parametrize(
    ("library", "extra", "asked"), [("krippendorff", "agreement", ()), ("pygamma_agreement", "gamma", ("--gamma",))]
)
def test_without_the_extra_the_advice_is_how_to_install_it(
    library: str, extra: str, asked: tuple[str, ...], invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    done = invoke("agreement", *coders(invoke), *asked)
    assert done.exit_code == 2 and f"pip install 'rhetoric-toolkit[{extra}]'" in done.stderr
