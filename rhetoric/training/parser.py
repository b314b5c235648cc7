"""Train and measure the English pipeline that ships: tags, lemmas, dependency parse and sentences, from treebanks."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rhetoric.training.data.treebank import TREEBANKS, read_docs, read_sentences, treebank_path, write_docbin
from rhetoric.training.vectors import distil, frequent_words, make_vocab

CONFIG = Path(__file__).with_name("parser.cfg")
WORDS, WIDTH = 25_000, 96  # static vectors: 25,000 x 96 floats are 9.6 MB


def train_parser(data: Path, texts: Path, output: Path) -> None:
    """Train on the training parts of both treebanks and keep the best pipeline by their dev parts in
    ``output/model-best``.

    ``data`` holds ``ud/``; words of the ``.txt`` files in ``texts`` get vectors too. Seeded; one core, about an hour.
    """
    from spacy.cli.train import train

    output.mkdir(parents=True, exist_ok=True)
    splits = {}
    for split in ("train", "dev"):
        splits[split] = output / f"{split}.spacy"
        write_docbin([treebank_path(data, name, split) for name in TREEBANKS], splits[split])
    with TemporaryDirectory(dir=output) as place:  # what a stop leaves half made is not taken for finished
        if not (output / "vectors").is_dir():
            banks = [treebank_path(data, name, "train") for name in TREEBANKS]
            learned = (word for path in banks for tree in read_sentences(path) for word in tree.words)
            words = frequent_words(learned, sorted(texts.glob("*.txt")), WORDS)
            make_vocab(words, distil(words, WIDTH), Path(place) / "vectors")
            (Path(place) / "vectors").rename(output / "vectors")
        train(
            CONFIG,
            Path(place),
            overrides={
                "paths.train": str(splits["train"]),
                "paths.dev": str(splits["dev"]),
                "paths.vectors": str(output / "vectors"),
                "training.max_steps": 5_000,
            },
        )
        (Path(place) / "model-best").rename(output / "model-best")


def measure_parser(nlp: Any, data: Path) -> dict[str, dict[str, float]]:  # noqa: ANN401
    """Return tag, lemma and sentence accuracy, UAS, LAS and words a second of ``nlp`` on the test part of each
    treebank.

    Raw text in, as users give it: documents of ten sentences, spaCy's own tokeniser, spaCy's own scorer (punctuation
    left out of UAS and LAS, as everywhere in spaCy). The shipped component for paragraph breaks takes no part.
    """
    from spacy.scorer import Scorer
    from spacy.training import Example

    found = {}
    for name in TREEBANKS:
        gold = list(read_docs(treebank_path(data, name, "test"), nlp.vocab))
        texts = [doc.text for doc in gold]
        start = time.perf_counter()
        parsed = list(nlp.pipe(texts, batch_size=32))
        seconds = time.perf_counter() - start
        scores = Scorer(nlp).score([Example(p, g) for p, g in zip(parsed, gold, strict=True)])
        keys = {"tags": "tag_acc", "lemmas": "lemma_acc", "uas": "dep_uas", "las": "dep_las", "sentences": "sents_f"}
        found[name] = {key: round(scores[value], 4) for key, value in keys.items()}
        found[name]["words_per_second"] = round(sum(len(t.split()) for t in texts) / seconds)
    return found
