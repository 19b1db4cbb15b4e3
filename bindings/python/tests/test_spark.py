"""Spark on a real standalone cluster: same bits as `analyze_batch`, the wheel shipped, a worker killed."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path

import pytest

pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed")

import tonalite  # noqa: E402
from posts import POSTS  # noqa: E402
from tonalite import spark as ts  # noqa: E402

EXAMPLES = Path(__file__).parents[3] / "examples/data/posts.jsonl"
ROWS = int(os.environ.get("TONALITE_SPARK_ROWS", "20000"))


@pytest.fixture(scope="module")
def spark(cluster):
    spark = cluster.session()
    spark.sparkContext.setLogLevel("ERROR")
    yield spark
    spark.stop()


@pytest.fixture(scope="module")
def frame(spark):
    rows = [(i, POSTS[i % len(POSTS)]) for i in range(ROWS)]
    return spark.createDataFrame(rows, "id long, text string").repartition(6, "id").cache()


def expected(columns, **settings):
    read = tonalite.Analyzer(evidence="evidence" in columns, **settings).analyze_batch(POSTS, columns=list(columns))
    return list(zip(*[read[name] for name in columns]))


BITS = ("label", "score", "confidence", "p_negative", "p_neutral", "p_positive", "language", "noise")


def test_the_wheel_is_shipped_to_the_workers(spark):
    def where(batches):
        import pyarrow as pa
        import tonalite

        for _ in batches:
            pass
        yield pa.RecordBatch.from_pydict({"file": [tonalite.__file__]})

    places = {r.file for r in spark.range(0, 4, 1, 2).mapInArrow(where, "file string").collect()}
    assert places and all("/tonalite_wheel/tonalite/" in place for place in places), places


def test_same_bits_as_analyze_batch(frame):
    got = ts.analyze(frame, "text", "id", columns=BITS).toArrow().sort_by("id")
    want = expected(BITS)
    assert got.num_rows == ROWS
    # The wheel hands floats to Python as their shortest decimals, so both sides are compared as 32 bits.
    import numpy as np

    for at, name in enumerate(BITS):
        column = got[name].to_pylist()
        for i, value in enumerate(column):
            other = want[i % len(POSTS)][at]
            if isinstance(value, float):
                assert np.float32(value).tobytes() == np.float32(other).tobytes(), (i, name)
            else:
                assert value == other, (i, name)


def test_columns_beside_their_own(frame):
    out = ts.analyze(frame.limit(10), target="Nimbo=@nimbo", columns=["label", "targets", "evidence"], prefix="t_")
    assert out.columns == ["id", "text", "t_label", "t_targets", "t_evidence"]
    for row in out.collect():
        asked = tonalite.Analyzer(targets="Nimbo=@nimbo").analyze(row.text or "").targets
        assert [t.target for t in row.t_targets or []] == [t.target for t in asked if row.text is not None]
        for e in row.t_evidence or []:
            assert row.text[e.start : e.end] == e.text
    with pytest.raises(ValueError, match="already has"):
        ts.analyze(frame.withColumnRenamed("text", "label"), "label")
    with pytest.raises(ValueError, match="no column 'nope'"):
        ts.analyze(frame, "nope")
    with pytest.raises(TypeError, match="column 'id' is bigint, not string"):
        ts.analyze(frame, "id")


def test_the_pandas_udf_says_the_same(frame):
    tone = ts.udf(columns=["label", "score"])
    few = frame.where("id < 500")
    by_udf = {r.id: tuple(r.tone) for r in few.select("id", tone("text").alias("tone")).collect()}
    by_map = {r.id: (r.label, r.score) for r in ts.analyze(few, "text", "id").collect()}
    assert by_udf == by_map


def test_partitions_watched_apart_are_watched_together(spark):
    posts = [json.loads(line) for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]
    names = sorted({name for post in posts for name in post} - {"engagement"})
    types = {"targets": "array<struct<name:string,aliases:array<string>,exclude:array<string>>>"}
    schema = ", ".join(f"{name} {types.get(name, 'string')}" for name in names)
    frame = spark.createDataFrame([tuple(post.get(name) for name in names) for post in posts], schema).repartition(5)
    fields = {name: name for name in names if name not in ("text", "created_at", "author")}
    whole = tonalite.Watch()
    whole.observe_batch(posts)
    assert ts.watch(frame, "text", "created_at", "author", fields=fields) == whole

    # Times as Spark has them, columns of other names, settings, a target for all posts.
    config = {"time_zone": "Europe/Paris"}
    other = frame.selectExpr("text AS body", "to_timestamp(created_at) AS at", "author AS who")
    got = ts.watch(other, "body", "at", "who", "Nimbo=@nimbo", config=config)
    asked = tonalite.Watch(tonalite.Analyzer(targets="Nimbo=@nimbo"), config)
    asked.observe_batch([{name: post.get(name) for name in ("text", "created_at", "author")} for post in posts])
    assert got.digest()["period"] == asked.digest()["period"]
    assert got.digest()["targets"] == asked.digest()["targets"]
    with pytest.raises(ValueError, match="no column 'nope'"):
        ts.watch(frame, time_col="nope")


def test_a_killed_worker_loses_nothing(cluster, spark, frame):
    def slowly(batches):
        import time

        for batch in batches:
            time.sleep(0.5)
            yield batch

    columns = ["label", "score"]
    slow = frame.repartition(12).mapInArrow(slowly, frame.schema)
    killer = threading.Timer(2.0, cluster.kill_worker, [1])
    started = time.monotonic()
    killer.start()
    got = ts.analyze(slow, "text", "id", columns=columns).collect()
    killer.join()
    assert time.monotonic() - started > 2.0, "the job ended before the worker did"
    assert cluster.workers[1].poll() is not None
    assert sorted(r.id for r in got) == list(range(ROWS))
    want = dict(zip(POSTS, expected(columns)))
    import numpy as np

    for row in got:
        label, score = want[POSTS[row.id % len(POSTS)]]
        assert row.label == label
        assert score is None or np.float32(row.score) == np.float32(score)
