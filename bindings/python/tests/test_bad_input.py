"""What is no post: an exception with the row, and never a crash."""

from __future__ import annotations

import ctypes
import random

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import tonalite

analyzer = tonalite.Analyzer(threads=2)
GOOD = ["nul"] * 500


@pytest.mark.parametrize(
    ("posts", "error", "reason", "row"),
    [
        ([*GOOD, b"nul"], TypeError, r"row 500: text must be str, not bytes \(decode it first\)", 500),
        ([*GOOD, bytearray(b"nul")], TypeError, "row 500: text must be str, not bytearray", 500),
        ([*GOOD, 3, "x", 4], TypeError, "row 500: text must be str, not int", 500),
        ([*GOOD, 1.5], TypeError, "row 500: text must be str, not float", 500),
        ([*GOOD, ["x"]], TypeError, "row 500: text must be str, not list", 500),
        ([*GOOD, "x\udc00"], ValueError, "row 500: text holds a lone surrogate at or after character 1", 500),
        ([{"text": "a"}, "b"], TypeError, "row 1: a record must be a dict, not str", 1),
        (["b", {"text": "a"}], TypeError, "row 0: a record must be a dict, not str", 0),
        ([{"text": "a"}, {"id": 3}], ValueError, "row 1: no `text`", 1),
        ([{"text": "a"}, {"text": 5}], ValueError, "row 1: `text` must be a string, not a number", 1),
        ([{"text": "a", "targets": 3}], ValueError, "row 0: `targets`", 0),
        ([{"text": "x\ud800"}], ValueError, "row 0: ", 0),
        (pd.Series(["a", 3]), TypeError, "row 1: text must be str, not int", 1),
        (pd.DataFrame({"text": ["a", b"b"]}), TypeError, "row 1: text must be str, not bytes", 1),
        (pd.DataFrame({"id": [1], "x": ["b"]}), ValueError, "no column `text` .* among: id, x", None),
        (pa.array([1, 2]), TypeError, "the column holds Int64, not strings", None),
        (pa.array([b"a"]), TypeError, "the column holds Binary, not strings; decode it first", None),
        (pa.chunked_array([[1.5]]), TypeError, "the column holds Float64", None),
        (pa.array([["a"]]), TypeError, "the column holds List", None),
        (pl.Series([1, 2]), TypeError, "the column holds Int64", None),
        (pa.table({"x": ["a"]}), ValueError, "no column `text` .* among: x", None),
        (pa.table({"text": [1]}), ValueError, "column `text` is Int64; as `text` it must be a string", None),
        (pa.table({"text": ["a"], "lang": [1]}), ValueError, "column `lang` is Int64", None),
        (pl.DataFrame({"body": [1.5]}), ValueError, "column `body` is Float64; as `text` it must be a string", None),
        ("nul", TypeError, "for one text there is analyze", None),
        (b"nul", TypeError, "for one text there is analyze", None),
        ({"text": "nul"}, TypeError, "for one text there is analyze", None),
        (3, TypeError, "not iterable", None),
        (None, TypeError, "not iterable", None),
    ],
)
def test_the_row_is_named(posts, error, reason, row):
    with pytest.raises(error, match=reason) as caught:
        analyzer.analyze_batch(posts)
    assert getattr(caught.value, "row", None) == row


def invalid(kind, at=3):
    """A string column whose row `at` is no UTF-8: other libraries do hold them."""
    rows = [b"nul", b"a longer text than a view holds inline", b"", b"ok", b"top"]
    rows[at] = b"\xff\xfe and more than a dozen bytes"
    return pa.array(rows, {pa.string(): pa.binary(), pa.large_string(): pa.large_binary()}[kind]).view(kind)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_invalid_utf8_in_a_string_column(kind):
    with pytest.raises(ValueError, match="row 3: .*UTF"):
        analyzer.analyze_batch(invalid(kind))
    with pytest.raises(ValueError, match="row 7: .*UTF"):
        analyzer.analyze_batch(pa.chunked_array([pa.array(["a"] * 4, kind), invalid(kind)]))
    with pytest.raises(ValueError, match="row 3: column `text`: .*UTF"):
        analyzer.analyze_batch(pa.table({"text": invalid(kind)}))


def test_a_stream_read_twice_and_capsules_that_are_none():
    reader = pa.table({"text": ["a"]}).to_reader()
    assert len(analyzer.analyze_batch(reader)) == 1
    assert len(analyzer.analyze_batch(reader)) == 0  # pyarrow's streams are empty when they have been read

    class Liar:
        def __init__(self, capsule):
            self.capsule = capsule

        def __arrow_c_stream__(self, requested_schema=None):
            return self.capsule

    new = ctypes.pythonapi.PyCapsule_New
    new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    with pytest.raises(ValueError):
        analyzer.analyze_batch(Liar(new(1, b"something else", None)))
    for wrong in (None, 3, "arrow_array_stream"):
        with pytest.raises(TypeError, match="capsule named arrow_array_stream"):
            analyzer.analyze_batch(Liar(wrong))


def test_a_producer_that_raises():
    def batches():
        yield pa.record_batch({"text": ["a"]})
        raise RuntimeError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(pa.schema([("text", pa.string())]), batches())
    with pytest.raises(ValueError, match="the disk is gone"):
        analyzer.analyze_batch(reader)


def test_random_characters_never_break_it():
    random.seed(8)
    planes = [range(0x20), range(0x20, 0x7F), range(0xA0, 0x250), range(0x300, 0x370), range(0x1F300, 0x1F700),
              range(0x200B, 0x2070), range(0xE000, 0xE100), range(0x10FF00, 0x110000), range(0x590, 0x700)]  # fmt: skip
    texts = []
    for _ in range(2000):
        pool = random.choices(planes, k=3)
        texts.append("".join(chr(random.choice(random.choice(pool))) for _ in range(random.randrange(60))))
    for text, record in zip(texts, analyzer.analyze_batch(texts).to_pylist()):
        for e in record["evidence"]:
            assert text[e["start"] : e["end"]] == e["text"]
