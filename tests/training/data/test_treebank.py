import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import DocBin
from spacy.vocab import Vocab

from rhetoric.training.data.treebank import make_doc, read_docs, read_sentences, read_texts, write_docbin

from ..makers import shared, steady

TREES = """\
# newdoc id = first
# sent_id = 1
# text = We don't buy (it).
1\tWe\twe\tPRON\tPRP\tCase=Nom\t4\tnsubj\t_\t_
2-3\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
2\tdo\tdo\tAUX\tVBP\t_\t4\taux\t_\t_
3\tn't\tnot\tPART\tRB\t_\t4\tadvmod\t_\t_
4\tbuy\tbuy\tVERB\tVB\t_\t0\troot\t_\t_
5\t(\t(\tPUNCT\t-LRB-\t_\t6\tpunct\t_\tSpaceAfter=No
6\tit\tit\tPRON\tPRP\t_\t4\tobj\t_\tEntity=(1)|SpaceAfter=No
7\t)\t)\tPUNCT\t-RRB-\t_\t6\tpunct\t_\tSpaceAfter=No
8\t.\t.\tPUNCT\t.\t_\t4\tpunct\t_\t_

# sent_id = 2
# text = They can't, and we won't
1\tThey\tthey\tPRON\tPRP\t_\t2\tnsubj\t_\t_
2-3\tcan't\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No
2\tca\tcan\tAUX\tMD\t_\t0\troot\t_\t_
3\tn't\tnot\tPART\tRB\t_\t2\tadvmod\t_\t_
4\t,\t,\tPUNCT\t,\t_\t2\tpunct\t_\t_
4.1\tgo\tgo\tVERB\tVB\t_\t_\t_\t_\t_
5\tand\tand\tCCONJ\tCC\t_\t2\tcc\t_\t_
6\twe\twe\tPRON\tPRP\t_\t7\tnsubj\t_\t_
7-8\twon't\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No
7\two\twill\tAUX\tMD\t_\t2\tconj\t_\t_
8\tn't\t_\tPART\tRB\t_\t7\tadvmod\t_\t_

# newdoc id = second
# text = Go
1\tGo\tgo\tVERB\tVB\t_\t0\troot\t_\t_
"""


@pytest.fixture
def trees(tmp_path: Path) -> Path:
    return written(tmp_path / "trees.conllu.gz", TREES)


def written(path: Path, text: str) -> Path:
    path.write_bytes(gzip.compress(text.encode()))
    return path


def test_sentences_of_a_treebank(trees):
    first, second, third = read_sentences(trees)
    assert [first.document, second.document, third.document] == ["first", "first", "second"]
    assert first.words == ["We", "do", "n't", "buy", "(", "it", ")", "."]
    assert first.spaces == [True, False, True, True, False, False, False, True]
    assert first.heads == [3, 3, 3, 3, 5, 3, 5, 3]
    assert first.deps[:4] == ["nsubj", "aux", "advmod", "ROOT"]
    assert (first.tags[0], first.pos[0], first.morphs[0], first.morphs[1]) == ("PRP", "PRON", "Case=Nom", "")
    assert first.lemmas[2] == "not"
    assert second.words == ["They", "ca", "n't", ",", "and", "we", "wo", "n't"]  # the empty node is left out
    assert second.spaces == [True, False, False, True, True, True, False, False]
    assert second.heads == [1, 1, 1, 1, 1, 6, 1, 6]
    assert second.lemmas[-1] == "n't"  # no lemma given: the word itself
    assert third.words == ["Go"]


def test_documents_join_sentences_of_one_text(trees):
    vocab = Vocab()
    first, second = read_docs(trees, vocab)
    assert first.text == "We don't buy (it). They can't, and we won't "
    assert [sentence.text for sentence in first.sents] == ["We don't buy (it).", "They can't, and we won't"]
    assert [token.head.text for token in first][:3] == ["buy", "buy", "buy"]
    assert first[9].head.text == "ca" and first[9].dep_ == "ROOT"
    assert second.text == "Go "
    assert [len(list(doc.sents)) for doc in read_docs(trees, vocab, size=1)] == [1, 1, 1]


def test_a_docbin_holds_every_document(trees, tmp_path):
    assert write_docbin([trees, trees], tmp_path / "trees.spacy") == 4
    docs = list(DocBin().from_disk(tmp_path / "trees.spacy").get_docs(Vocab()))
    assert [doc.text for doc in docs[:2]] == [doc.text for doc in docs[2:]]
    assert docs[0][0].tag_ == "PRP" and docs[0][0].pos_ == "PRON" and docs[0][2].lemma_ == "not"
    assert str(docs[0][0].morph) == "Case=Nom" and docs[0][0].head.text == "buy"


words = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=6).filter(lambda word: word != "_")
# A sentence: tokens of one word, or of several that are written as one.
sentences = st.lists(st.tuples(st.lists(words, min_size=1, max_size=3), st.booleans()), min_size=1, max_size=8)


def as_conllu(tokens):
    lines, at = [], 1
    for parts, spaced in tokens:
        misc = "_" if spaced else "SpaceAfter=No"
        if len(parts) > 1:
            lines.append(f"{at}-{at + len(parts) - 1}\t{''.join(parts)}\t_\t_\t_\t_\t_\t_\t_\t{misc}")
        for part in parts:
            head, dep = ("0", "root") if at == 1 else ("1", "dep")
            own = misc if len(parts) == 1 else "_"
            lines.append(f"{at}\t{part}\t{part}\tX\tX\t_\t{head}\t{dep}\t_\t{own}")
            at += 1
    return "\n".join(lines) + "\n"


def as_text(tokens):
    return "".join("".join(parts) + " " * spaced for parts, spaced in tokens)


@steady
@given(st.lists(sentences, min_size=1, max_size=4))
def test_the_text_comes_back(tmp_path_factory, document):
    path = tmp_path_factory.mktemp("trees") / "trees.conllu.gz"
    written(path, "\n".join(map(as_conllu, document)))
    found = list(read_sentences(path))
    assert [[*sentence.words] for sentence in found] == [[p for parts, _ in each for p in parts] for each in document]
    doc = make_doc(Vocab(), found)
    assert doc.text == "".join(as_text(each).removesuffix(" ") + " " for each in document)
    assert [sentence.text for sentence in doc.sents] == [as_text(each).removesuffix(" ") for each in document]


@pytest.mark.parametrize("name", ["ewt_test", "gum_test_free"])
def test_texts_of_real_treebanks_are_those_of_their_comments(name):
    path = shared(f"data/ud/{name}.conllu.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        told = [line.split("=", 1)[1].strip() for line in lines if line.startswith("# text =")]
    vocab = Vocab()
    found = [sentence.text for doc in read_docs(path, vocab) for sentence in doc.sents]
    assert len(found) == len(told)
    # A space that may not break (EWT has one) comes back as a plain one.
    wrong = [(one, other) for one, other in zip(found, told, strict=True) if one != " ".join(other.split())]
    assert wrong == []


def test_the_text_of_each_document_is_as_it_was_written(tmp_path):
    path = tmp_path / "trees.conllu.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(TREES)
        file.write("\n# newdoc id = last\n# text = Nobody asked.\n1\tNobody\tnobody\tPRON\tNN\t_\t0\troot\t_\t_\n\n")
    texts = list(read_texts(path))
    assert texts[0].startswith("We don't buy (it). They can't, and we won't")
    assert texts[-1] == "Nobody asked." and len(texts) == TREES.count("# newdoc") + 1
