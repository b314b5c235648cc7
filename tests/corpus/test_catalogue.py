import hashlib
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.corpus.catalogue import Entry, find_entry, letters, read_catalogue, select
from rhetoric.errors import RhetoricError, SourceError

SHIPPED = read_catalogue()
TEXTS = Path(__file__).parents[2] / "../shared/corpora/texts"


def write(path: Path, *rows: str, head: str = "slug,url,sha256") -> Path:
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_the_shipped_catalogue_is_whole() -> None:
    assert len(SHIPPED) == 139
    assert all(entry.title and entry.rights and entry.voice and entry.type and entry.words for entry in SHIPPED)
    assert all(entry.sha256 and entry.letters_sha256 for entry in SHIPPED)
    assert len({entry.letters_sha256 for entry in SHIPPED}) == 139
    assert {urlsplit(entry.url).hostname for entry in SHIPPED} == {"raw.githubusercontent.com", "www.chinadaily.com.cn"}
    assert all(" " not in entry.url and entry.url.startswith("https://") for entry in SHIPPED)


@pytest.mark.skipif(not TEXTS.is_dir(), reason="the texts of the catalogue are not beside the checkout")
def test_checksums_are_those_of_the_texts() -> None:
    for entry in SHIPPED:
        text = (TEXTS / f"{entry.slug}.txt").read_text(encoding="utf-8")
        assert hashlib.sha256(letters(text).encode()).hexdigest() == entry.letters_sha256


def test_addresses_are_of_a_commit_and_quoted() -> None:
    speech = find_entry(SHIPPED, "un-gd-2014-chn")
    assert speech.url.startswith("https://raw.githubusercontent.com/jradius/un-general-debates/d1f2d6f5")
    assert speech.url.endswith("/TXT/Session%2069%20-%202014/CHN_69_2014.txt")
    strategy = find_entry(SHIPPED, "us-2016-10-13-national-ai-rd-strategic-plan")
    assert "R%26D" in strategy.url
    page = find_entry(SHIPPED, "cn-2023-05-18-mfa-americas-coercive-diplomacy")
    assert page.url == "https://www.chinadaily.com.cn/a/202305/19/WS6466b512a310b6054fad3d2a.html"
    assert page.year == "2023"


def test_filters() -> None:
    chinese = select(SHIPPED, voice=["cn"])
    assert len(chinese) == 18 and {entry.voice for entry in chinese} == {"CN"}
    assert len(select(SHIPPED, voice=["CN", "UK"])) == 20
    few = select(SHIPPED, voice=["US"], type=["speech"], year=["2022", "2024-2025"])
    assert few and {entry.year for entry in few} == {"2022", "2024", "2025"}
    assert select(SHIPPED) == SHIPPED
    assert [entry.slug for entry in select(SHIPPED, ["un-gd-2014-chn", "un-gd-2014-chn"])] == ["un-gd-2014-chn"]
    assert select(SHIPPED, ["un-gd-2014-chn"], voice=["US"]) == []


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"voice": ["XX"]}, "There are: BT, CA"),
        ({"type": ["novel"]}, "control, essay"),
        ({"year": ["lately"]}, "2016-2019"),
        ({"slugs": ["un-gd-2014"]}, "un-gd-2014-chn"),
        ({"slugs": ["un-gd-2014-chm"]}, "Did you mean un-gd-2014-chn"),
        ({"slugs": ["../../etc/passwd"]}, "no such text"),
        ({"slugs": [""]}, "no such text"),
    ],
)
def test_what_fits_nothing_is_said(wanted: dict[str, list[str]], said: str) -> None:
    with pytest.raises(RhetoricError, match=said):
        select(SHIPPED, **wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("../../evil,https://e.org/,", "not a slug"),
        ("/etc/passwd,https://e.org/,", "not a slug"),
        ("..,https://e.org/,", "not a slug"),
        ("A b,https://e.org/,", "not a slug"),
        (",https://e.org/,", "not a slug"),
        ('"a\n",https://e.org/,', None),  # space around a slug is no part of it
        ("a\x00b,https://e.org/,", "not a slug"),
        ("a,file:///etc/passwd,", "cannot be fetched|no address"),
        ("a,ftp://e.org/,", "no address"),
        ("a,,", "neither a url nor"),
        ("a,https://e.org/,xyz", "not a SHA-256"),
    ],
)
def test_hostile_rows_are_refused(row: str, said: str | None, tmp_path: Path) -> None:
    path = write(tmp_path / "c.csv", row)
    if said is None:
        assert read_catalogue(path)[0].slug == "a"
    else:
        with pytest.raises(SourceError, match=said):
            read_catalogue(path)


def test_other_forms_of_catalogue(tmp_path: Path) -> None:
    (entry,) = read_catalogue(write(tmp_path / "c.csv", "a,https://e.org/a.txt,"))
    assert entry == Entry("a", "a", "", "", "", "", None, "", "https://e.org/a.txt", "", "")
    head = "slug,author,voice,rights,repo,commit,path"
    (entry,) = read_catalogue(write(tmp_path / "d.csv", "a,Ann,US,free,o/r,abcdef1,x y.md", head=head))
    assert (entry.author, entry.voice, entry.rights) == ("Ann", "US", "free")
    assert entry.url == "https://raw.githubusercontent.com/o/r/abcdef1/x%20y.md"
    for row in ("a,,,,o/r/../s,abcdef1,x", "a,,,,o/r,main,x", "a,,,,o/r,abcdef1,"):
        with pytest.raises(SourceError, match="neither a url nor"):
            read_catalogue(write(tmp_path / "d.csv", row, head=head))


def test_what_is_no_catalogue_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="already"):
        read_catalogue(write(tmp_path / "c.csv", "a,https://e.org/,", "a,https://e.org/,"))
    with pytest.raises(SourceError, match="no text in this catalogue"):
        read_catalogue(write(tmp_path / "c.csv"))
    with pytest.raises(SourceError, match="cannot be read"):
        read_catalogue(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes(b"slug,url\n\xe9,\xff\n")
    with pytest.raises(SourceError, match="cannot be read"):
        read_catalogue(tmp_path / "latin.csv")


@given(st.text())
def test_letters_are_what_spacing_and_punctuation_do_not_change(text: str) -> None:
    assert letters(text) == letters(" ".join(text.split())) == letters(letters(text))
    assert letters(f" {text}. ") == letters(text)
    assert replace(SHIPPED[0], date="").year == ""
