from pathlib import Path
from typing import Any

import pytest

from rhetoric.training import parser


def test_a_parser_whose_training_was_stopped_is_not_taken_for_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Path] = []

    def train(config: Path, output: Path, overrides: dict[str, Any]) -> None:
        (output / "model-best").mkdir()  # spaCy writes the best so far, from its first evaluation on
        assert Path(overrides["paths.vectors"]).is_dir()
        done.append(output)
        if len(done) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr("spacy.cli.train.train", train)
    monkeypatch.setattr(parser, "write_docbin", lambda banks, target: None)
    monkeypatch.setattr(parser, "frequent_words", lambda banks, texts, size: ["the"])
    monkeypatch.setattr(parser, "distil", lambda words, width: None)
    monkeypatch.setattr(parser, "make_vocab", lambda words, table, folder: folder.mkdir())
    with pytest.raises(KeyboardInterrupt):
        parser.train_parser(tmp_path, tmp_path, tmp_path / "work")
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["vectors"]
    parser.train_parser(tmp_path, tmp_path, tmp_path / "work")
    assert {path.name for path in (tmp_path / "work").iterdir()} == {"vectors", "model-best"}
