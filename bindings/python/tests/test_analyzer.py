"""One post: what comes back, in which shape, and that it is what the program says."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

import tonalite
from posts import POSTS

TEXT = "é👍 Livraison trooop lente, mais le SAV est au top, j'adore"


@pytest.fixture(scope="module")
def analyzer():
    return tonalite.Analyzer()


def test_offsets_count_characters(analyzer):
    a = analyzer.analyze(TEXT)
    assert a.evidence
    for e in a.evidence:
        assert TEXT[e.start : e.end] == e.text
    b = tonalite.Analyzer(offsets="byte").analyze(TEXT)
    for e, f in zip(a.evidence, b.evidence):
        assert TEXT.encode()[f.start : f.end].decode() == e.text
    assert [e.start for e in a.evidence] != [e.start for e in b.evidence]


@pytest.mark.parametrize("text", [p for p in POSTS if p is not None])
def test_every_span_is_the_text_it_says(analyzer, text):
    for e in analyzer.analyze(text).evidence:
        assert text[e.start : e.end] == e.text


def test_attributes_and_dict_agree(analyzer):
    a = analyzer.analyze(TEXT, id="7", lang="fr", source="tweet", author="lea", created_at=1700000000)
    d = a.to_dict()
    assert d == json.loads(a.to_json())
    assert (d["id"], a.id) == ("7", "7")
    assert d["tonality"]["label"] == a.label == a.tonality.label
    assert d["tonality"]["score"] == a.score == a.tonality.score
    assert d["tonality"]["p"] == a.p == a.tonality.p
    assert d["role"] == {"label": a.role.label, "confidence": a.role.confidence, "p": a.role.p, "basis": a.role.basis}
    assert d["noise"] == {"label": a.noise.label, "reason": a.noise.reason}
    assert d["intents"] == a.intents and d["flags"] == a.flags and d["stage"] == a.stage
    assert [e["for"] for e in d["evidence"]] == [e.speaks_for for e in a.evidence]
    assert [e["weight"] for e in d["evidence"]] == [e.weight for e in a.evidence]
    assert a.text == TEXT


def test_unknown_is_not_neutral(analyzer):
    assert analyzer.analyze("").label == "unknown"
    assert analyzer.analyze("").evidence == []


def test_values_compare_pickle_and_copy(analyzer):
    a = analyzer.analyze(TEXT, id="1")
    assert a == analyzer.analyze(TEXT, id="1")
    assert a != analyzer.analyze(TEXT, id="2")
    for other in (pickle.loads(pickle.dumps(a)), copy.deepcopy(a)):
        assert other == a and other.text == a.text and other.to_json() == a.to_json()
    with pytest.raises(AttributeError):
        a.label = "positive"


def test_it_shows_itself(analyzer):
    a = analyzer.analyze("J'adore <b>&</b> c'est \"nul\"")
    assert repr(a).startswith("Analysis(label='")
    html = a._repr_html_()
    assert "<mark" in html and "&lt;b&gt;&amp;" in html and "<b>&" not in html
    assert dict(a.__rich_repr__()) == a.to_dict()
    long = analyzer.analyze("génial " * 5000)
    assert "…" in long._repr_html_()
    for e in a.evidence:
        assert repr(e).startswith("Evidence(")


def test_settings(tmp_path, analyzer):
    lexicon = tmp_path / "bank.tsv"
    lexicon.write_text("term\tvalence\nzorglub\t-3\n", encoding="utf-8")
    mine = tonalite.Analyzer(lexicons=[lexicon], targets=["Nimbo=@nimbo", {"name": "Ozalide", "aliases": ["oza"]}])
    text = "ce truc est zorglub"
    assert mine.analyze(text).score < analyzer.analyze(text).score or analyzer.analyze(text).label == "unknown"
    assert mine.analyze(text).label == "negative"
    for other in (pickle.loads(pickle.dumps(mine)), copy.copy(mine)):
        lexicon.unlink(missing_ok=True)  # the text travels, not the path
        assert other.analyze(text) == mine.analyze(text)
        assert repr(other) == repr(mine)
    pair = tonalite.Analyzer(lexicons=[("mine", "term\tvalence\nzorglub\t-3\n")])
    assert pair.analyze(text).label == "negative"
    assert tonalite.Analyzer(evidence=False).analyze("nul").evidence == []
    assert tonalite.Analyzer(priors=(8, 1, 1)).analyze("bof").p["negative"] >= analyzer.analyze("bof").p["negative"]


def test_settings_that_cannot_be(tmp_path):
    bad = tmp_path / "bad.tsv"
    bad.write_text("term\tvalence\nzorglub\tmany\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.tsv:2: "):
        tonalite.Analyzer(lexicons=[bad])
    with pytest.raises(FileNotFoundError, match="nowhere"):
        tonalite.Analyzer(lexicons=[tmp_path / "nowhere.tsv"])
    bad.write_bytes(b"term\tvalence\n\xff\t1\n")
    with pytest.raises(ValueError, match="not UTF-8 at byte 13"):
        tonalite.Analyzer(lexicons=[bad])
    with pytest.raises(TypeError, match="list of paths"):
        tonalite.Analyzer(lexicons="bank.tsv")
    with pytest.raises(ValueError, match="needs a"):
        tonalite.Analyzer(targets=[" =x"])
    with pytest.raises(TypeError, match="not int"):
        tonalite.Analyzer(targets=[3])
    with pytest.raises(ValueError, match="threads must be 1 or more"):
        tonalite.Analyzer(threads=0)
    with pytest.raises(ValueError, match="offsets must be"):
        tonalite.Analyzer(offsets="utf16")
    with pytest.raises(ValueError, match="priors"):
        tonalite.Analyzer(priors=(1, 0, 1))
    with pytest.raises(TypeError):
        tonalite.Analyzer(nonsense=True)


@pytest.mark.parametrize(
    ("text", "error", "reason"),
    [
        (None, TypeError, "text must be str, not NoneType"),
        (float("nan"), TypeError, "text must be str, not float"),
        (b"nul", TypeError, r"text must be str, not bytes \(decode it first\)"),
        (3, TypeError, "text must be str, not int"),
        (["nul"], TypeError, "text must be str, not list"),
        ("ab\ud83d", ValueError, "lone surrogate at or after character 2"),
    ],
)
def test_texts_that_are_none(analyzer, text, error, reason):
    with pytest.raises(error, match=reason):
        analyzer.analyze(text)


def test_fields_that_are_none(analyzer):
    with pytest.raises(TypeError, match="unexpected keyword argument 'likes'"):
        analyzer.analyze("nul", likes=3)
    with pytest.raises(TypeError, match="author must be a str, not dict"):
        analyzer.analyze("nul", author={"name": "lea"})
    assert analyzer.analyze("nul", author=None, source=None) == analyzer.analyze("nul")
