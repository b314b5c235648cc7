"""Read Universal Dependencies treebanks into spaCy documents.

spaCy's own converter drops the spacing of multi-word tokens ("don't" comes out as "do n't"), so the reader is ours;
format: https://universaldependencies.org/format.html
"""

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Final

from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

TREEBANKS: Final = ("ewt", "gum")
_FILES: Final = {"ewt": "ewt_{}.conllu.gz", "gum": "gum_{}_free.conllu.gz"}


def treebank_path(data: Path, name: str, split: str) -> Path:
    """Return where ``data`` keeps a split (train, dev, test) of a treebank."""
    return data / "ud" / _FILES[name].format(split)


@dataclass
class Sentence:
    """One tree: parallel lists over its words; ``heads`` are 0-based and a root points to itself. ``text`` is what its
    comment says, spaces that may not break and all.
    """

    document: str
    text: str = ""
    words: list[str] = field(default_factory=list)
    spaces: list[bool] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    pos: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    morphs: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    deps: list[str] = field(default_factory=list)


def read_sentences(path: Path) -> Iterator[Sentence]:
    """Yield the trees of a gzipped CoNLL-U file in order."""
    document, sentence = "", Sentence("")
    glued_until = glued_spaced = 0
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("# newdoc"):
                document = line.split("=", 1)[-1].strip()
            if line.startswith("# text = "):
                sentence.text = line.removeprefix("# text = ").strip()
            if not line and sentence.words:
                yield sentence
            if not line or line.startswith("#"):
                sentence = Sentence(document) if not line else sentence
                sentence.document = document
                glued_until = 0
                continue
            number, form, lemma, upos, xpos, feats, head, dep, _, misc = line.split("\t")
            spaced = "SpaceAfter=No" not in misc
            if "-" in number:  # a multi-word token: its parts are written without spaces between them
                glued_until, glued_spaced = int(number.split("-")[1]), spaced
                continue
            if "." in number:  # an empty node of the enhanced graph
                continue
            index = int(number)
            if index <= glued_until:
                spaced = bool(glued_spaced) if index == glued_until else False
            sentence.words.append(form)
            sentence.spaces.append(spaced)
            sentence.lemmas.append(form if lemma == "_" else lemma)
            sentence.pos.append(upos)
            sentence.tags.append(xpos)
            sentence.morphs.append("" if feats == "_" else feats)
            sentence.heads.append(index - 1 if head == "0" else int(head) - 1)
            sentence.deps.append("ROOT" if head == "0" else dep)
    if sentence.words:
        yield sentence


def read_texts(path: Path) -> Iterator[str]:
    """Yield the text of each document of a gzipped CoNLL-U file."""
    for _, sentences in groupby(read_sentences(path), lambda sentence: sentence.document):
        yield " ".join(sentence.text for sentence in sentences)


def make_doc(vocab: Vocab, sentences: list[Sentence]) -> Doc:
    """Join sentences into one document, separated by a space."""
    joined = Sentence(sentences[0].document)
    starts: list[bool | int | None] = []
    for sentence in sentences:
        offset = len(joined.words)
        starts += [True] + [False] * (len(sentence.words) - 1)
        for name in ("words", "lemmas", "pos", "tags", "morphs", "deps"):
            getattr(joined, name).extend(getattr(sentence, name))
        joined.spaces.extend([*sentence.spaces[:-1], True])
        joined.heads.extend(head + offset for head in sentence.heads)
    return Doc(
        vocab,
        words=joined.words,
        spaces=joined.spaces,
        lemmas=joined.lemmas,
        pos=joined.pos,
        tags=joined.tags,
        morphs=joined.morphs,
        heads=joined.heads,
        deps=joined.deps,
        sent_starts=starts,
    )


def read_docs(path: Path, vocab: Vocab, size: int = 10) -> Iterator[Doc]:
    """Yield documents of up to ``size`` consecutive sentences of one source text (spaCy's ``convert -n 10``
    protocol).
    """
    group: list[Sentence] = []
    for sentence in read_sentences(path):
        if group and (len(group) == size or group[0].document != sentence.document):
            yield make_doc(vocab, group)
            group = []
        group.append(sentence)
    if group:
        yield make_doc(vocab, group)


def write_docbin(paths: Iterable[Path], target: Path) -> int:
    """Write the documents of several treebank files as one ``.spacy`` file; returns how many."""
    vocab = Vocab()
    docs = DocBin(attrs=["ORTH", "SPACY", "LEMMA", "POS", "TAG", "MORPH", "HEAD", "DEP", "SENT_START"])
    for path in paths:
        for doc in read_docs(path, vocab):
            docs.add(doc)
    docs.to_disk(target)
    return len(docs)
