import json

import pytest

from rhetoric import resources
from rhetoric.ingest.language import foreign_language

from .makers import GERMAN, PROSE


def test_german_is_refused_and_can_be_forced(reason, document) -> None:
    said = reason("a.txt", GERMAN)
    assert "looks like German (de), 99%" in said
    assert "force it" in said
    found = document("a.txt", GERMAN, force=True)
    assert found.meta["language"] == "de"
    assert "German" in found.meta["warnings"][0]


FRENCH = (
    "Le ministre a dit que la nouvelle règle était un bouclier pour tous les citoyens, mais neuf de ses onze articles "
    "ne parlent que du prix des puces d'une seule entreprise."
)
SPANISH = (
    "El ministro dijo que la nueva regla era un escudo para todos los ciudadanos, pero nueve de sus once artículos "
    "hablan solamente del precio de los chips de una sola empresa."
)
CHINESE = "部长说新规定是所有公民的盾牌。但是十一条规定中有九条只谈到一家公司的芯片价格。大厅里没有人问为什么。"
RUSSIAN = (
    "Министр сказал, что новое правило является щитом для всех граждан, но девять из его одиннадцати статей говорят "
    "только о цене чипов одной компании, и никто в зале не спросил почему."
)


@pytest.mark.parametrize(("code", "text"), [("fr", FRENCH), ("es", SPANISH), ("zh", CHINESE), ("ru", RUSSIAN)])
def test_other_languages(code: str, text: str) -> None:
    found = foreign_language(text)
    assert found is not None
    assert found[0] == code
    assert found[1] >= 0.9


@pytest.mark.parametrize(
    "text",
    [
        "Der Rat tagt heute in Berlin.",
        PROSE,
        PROSE
        + " « Nous ne sommes pas en concurrence avec la Chine, nous sommes en concurrence avec nous-mêmes », he said.",
        PROSE + " 部长说新规定是所有公民的盾牌。",
        "Xi Jinping, Li Qiang, Wang Huning, Zhao Leji, Cai Qi, Ding Xuexiang, Li Xi, Huawei, Baidu, Alibaba, Tencent, "
        "SenseTime, Megvii, Zhipu, Moonshot, MiniMax, DeepSeek and Qwen were all named in the report that day.",
        "1 2 3 4 5 6 7 8 9 10 " * 20,
        "THE RULE IS A SHIELD FOR EVERY CITIZEN AND NOBODY IN THE HALL ASKED WHY THE PRICE OF CHIPS WAS IN IT AT ALL",
    ],
)
def test_english_and_doubt_pass(text: str) -> None:
    assert foreign_language(text) is None


def test_quotations_do_not_outvote_a_long_text() -> None:
    assert foreign_language(f"{GERMAN} " * 8 + f"{PROSE} " * 40) is None
    assert foreign_language(f"{PROSE} " * 8 + f"{GERMAN} " * 40) is not None


def test_no_false_alarm_on_the_gold() -> None:
    path = resources.CORPORA / "gold" / "authored.jsonl"
    if not path.exists():
        pytest.skip("the gold is not in this checkout")
    with path.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    assert len(texts) > 100
    assert [text[:80] for text in texts if foreign_language(text)] == []


def test_restricting_languages_leaves_the_library_alone() -> None:
    assert foreign_language(GERMAN) is not None
    import py3langid

    assert len(py3langid.rank("hello")) > 100
