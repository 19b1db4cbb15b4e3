"""Many posts, in every shape that Python keeps them in, to the same bits as one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import tonalite
from posts import POSTS

analyzer = tonalite.Analyzer()
MANY = POSTS * 40
ONE_BY_ONE = [None if p is None else analyzer.analyze(p).to_dict() for p in POSTS] * 40


def shapes():
    text = [p for p in MANY]
    yield "list", text
    yield "tuple", tuple(text)
    yield "generator", (p for p in text)
    yield "numpy", np.array(text, dtype=object)
    yield "numpy strings", np.array([p or "" for p in text]), "empty"
    yield "pyarrow string", pa.array(text, pa.string())
    yield "pyarrow large", pa.array(text, pa.large_string())
    yield "pyarrow view", pa.array(text, pa.string_view())
    yield "pyarrow dictionary", pa.array(text).dictionary_encode()
    yield "pyarrow dictionary of large", pa.array(text, pa.large_string()).dictionary_encode()
    yield "pyarrow slice", pa.array(["x", "y", *text, "z"]).slice(2, len(text))
    yield "pyarrow view slice", pa.array(["x", *text], pa.string_view()).slice(1)
    yield "pyarrow chunks", pa.chunked_array([text[:5], [], text[5:300], text[300:]], pa.string())
    yield "pyarrow chunks of dictionaries", pa.chunked_array([text[:50], text[50:]]).dictionary_encode()
    yield "polars", pl.Series(text)
    yield "polars chunks", pl.concat([pl.Series(text[:7]), pl.Series(text[7:])], rechunk=False)
    yield "polars categorical", pl.Series(text, dtype=pl.Categorical)
    yield "pandas", pd.Series(text)
    yield "pandas odd index", pd.Series(text, index=range(len(text), 0, -1))
    yield "pandas nan", pd.Series([np.nan if p is None else p for p in text])
    yield "pandas string", pd.Series(text, dtype="string")
    yield "pandas arrow", pd.Series(text, dtype=pd.ArrowDtype(pa.string()))
    yield "pandas categorical", pd.Series(text, dtype="category")
    yield "records", [None if p is None else {"text": p} for p in text]
    yield "exported records", [None if p is None else {"Full Text": p, "likes": 3} for p in text]
    yield "pyarrow table", pa.table({"body": text, "n": range(len(text))})
    yield "pyarrow batch", pa.record_batch({"text": text})
    yield "polars frame", pl.DataFrame({"text": text, "x": [1.5] * len(text)})
    yield "pandas frame", pd.DataFrame({"n": range(len(text)), "text": text})


@pytest.mark.parametrize("shape", [pytest.param(s, id=s[0]) for s in shapes()])
def test_every_shape_reads_the_same(shape):
    expected = ONE_BY_ONE
    if len(shape) > 2:
        empty = analyzer.analyze("").to_dict()
        # numpy's own strings know no null, and drop noughts at the end
        expected = [empty if e is None else e for e in expected]
    assert analyzer.analyze_batch(shape[1]).to_pylist() == expected


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_any_number_of_threads_to_the_bit(threads):
    columns = tonalite.Analyzer(threads=threads).analyze_batch(MANY)
    assert len(columns) == len(MANY)
    one = analyzer.analyze_batch(MANY, threads=1)
    assert columns.to_arrow().combine_chunks().equals(one.to_arrow().combine_chunks())
    score = [None if e is None else np.float32(e["tonality"]["score"]) for e in ONE_BY_ONE]
    assert columns.to_arrow()["score"].to_pylist() == [None if s is None else float(s) for s in score]


@pytest.mark.parametrize("nothing", [[], (), pa.array([], pa.string()), pl.Series([], dtype=pl.String), pd.Series([], dtype=object),
                                     pa.chunked_array([], pa.string()), pa.table({"text": pa.array([], pa.string())}),
                                     pl.DataFrame({"text": pl.Series([], dtype=pl.String)}), pd.DataFrame({"text": []})])  # fmt: skip
def test_nothing_gives_no_rows_and_every_column(nothing):
    columns = analyzer.analyze_batch(nothing)
    assert len(columns) == 0 and columns.to_pylist() == []
    assert pa.table(columns).column_names == tonalite.column_names() == columns.column_names


def test_all_null():
    for nulls in ([None, None], pa.nulls(2), pl.Series([None, None]), pd.Series([None, pd.NA]), [float("nan")] * 2):
        columns = analyzer.analyze_batch(nulls)
        assert columns.to_pylist() == [None, None]
        assert pa.table(columns).column("label").null_count == 2
    for frame in (pl.DataFrame({"text": ["nul"], "author": [None]}), pd.DataFrame({"text": ["nul"], "author": [None]})):
        assert analyzer.analyze_batch(frame)["label"] == ["negative"]
    assert analyzer.analyze_batch(pl.DataFrame({"text": [None], "likes": [None]})).to_pylist() == [None]


def test_fields_beside_the_texts():
    texts, bios = ["nul", "top", None], ["dev at Nimbo", None, "x"]
    columns = analyzer.analyze_batch(texts, id=pa.array([1, 2, 3]), author_bio=bios, source="tweet")
    assert columns["id"] == ["1", "2", "3"]
    one = analyzer.analyze("nul", id=1, author_bio=bios[0], source="tweet")
    assert columns.to_pylist()[0] == one.to_dict()
    assert columns.to_pylist()[2] is None
    table = pa.table({"id": [1, 2, 3], "text": texts, "author_bio": bios, "source": ["tweet"] * 3})
    assert analyzer.analyze_batch(table).to_pylist() == columns.to_pylist()
    assert analyzer.analyze_batch(table.to_pandas()).to_pylist() == columns.to_pylist()
    assert analyzer.analyze_batch(pl.DataFrame(table)).to_pylist() == columns.to_pylist()
    with pytest.raises(ValueError, match="`id` has 2 rows, the texts have 3"):
        analyzer.analyze_batch(texts, id=[1, 2])
    with pytest.raises(TypeError, match="unexpected keyword argument 'likes'"):
        analyzer.analyze_batch(texts, likes=[1, 2, 3])
    with pytest.raises(TypeError, match="bring their own"):
        analyzer.analyze_batch(table, id=[1, 2, 3])


@pytest.mark.parametrize("chosen", [["label", "score", "irony"], ["role", "label"], ["noise"], ["targets"], ["evidence"]])
def test_columns_chosen_hold_what_all_columns_hold(chosen):
    towards = tonalite.Analyzer(targets="Nimbo=@nimbo")
    whole, part = towards.analyze_batch(POSTS), towards.analyze_batch(POSTS, columns=chosen)
    assert [part[name] for name in chosen] == [whole[name] for name in chosen]


def test_columns_chosen():
    columns = analyzer.analyze_batch(["nul", None], columns=["score", "label"])
    assert columns.column_names == ["score", "label"]
    assert columns.to_dicts() == [{"score": columns["score"][0], "label": "negative"}, {"score": None, "label": None}]
    assert "evidence" not in tonalite.Analyzer(evidence=False).analyze_batch(["nul"]).column_names
    with pytest.raises(ValueError, match="no column 'lable'; there are id, language, label"):
        analyzer.analyze_batch(["nul"], columns=["lable"])
    with pytest.raises(KeyError):
        columns["role"]


def test_arrow_out_is_whole_and_survives_its_maker():
    table = pa.table(analyzer.analyze_batch(MANY, threads=2))
    table.validate(full=True)
    batch = pa.record_batch(analyzer.analyze_batch(MANY, threads=2))
    batch.validate(full=True)
    assert pa.Table.from_batches([batch]).equals(table.combine_chunks())
    assert pa.record_batch(analyzer.analyze_batch([])).num_rows == 0
    columns = analyzer.analyze_batch(POSTS)
    assert pa.schema(columns) == table.schema
    for _ in range(3):  # a stream is given as often as it is asked for
        assert pa.table(columns).num_rows == len(POSTS)
    frame = pl.DataFrame(columns)
    assert frame["label"].to_list() == columns["label"]
    assert columns.to_pandas()["label"].tolist() == columns["label"]
    assert columns.to_polars().equals(frame)
    # DuckDB finds Arrow objects by the name of a variable
    import duckdb

    stream = pa.table(columns)
    assert duckdb.sql("select count(*) from stream where label = 'negative'").fetchall()[0][0] >= 1


def test_offsets_in_columns_count_characters():
    text = "é👍 j'adore"
    for row in analyzer.analyze_batch([text])["evidence"]:
        assert [text[e["start"] : e["end"]] for e in row] == [e["text"] for e in row]
