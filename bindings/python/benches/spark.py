"""Figures for docs/spark.md: a million posts on a standalone cluster of two workers on loopback.

    python bindings/python/benches/spark.py FILE_OF_LINES... [--rows 1000000] [--vader-rows 50000]

The three plans run in one session, on one cached frame, into Spark's `noop` sink: tonalite, a
`mapInArrow` that gives back what it got, and a pandas UDF around vaderSentiment (on fewer rows; its
rate is what counts). Each runs twice, in turn, and the better is taken: the first wakes the workers.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from cluster import Cluster  # noqa: E402

from tonalite import spark as ts  # noqa: E402


def no_op(batches):
    yield from batches


def vader(texts):
    import pandas as pd
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    global ANALYZER
    try:
        analyzer = ANALYZER
    except NameError:
        analyzer = ANALYZER = SentimentIntensityAnalyzer()
    return pd.Series([analyzer.polarity_scores(t)["compound"] for t in texts], dtype="float32")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--vader-rows", type=int, default=50_000)
    args = parser.parse_args()
    lines = [line for f in args.files for line in f.read_text(encoding="utf-8").splitlines() if line]

    import pyarrow as pa
    import pyarrow.parquet as pq

    with tempfile.TemporaryDirectory() as folder:
        table = pa.table({"id": pa.array(range(args.rows)), "text": [lines[i % len(lines)] for i in range(args.rows)]})
        pq.write_table(table, Path(folder) / "posts.parquet", row_group_size=50_000)
        cluster = Cluster(Path(folder), memory="2g")
        try:
            spark = cluster.session(**{"spark.executor.memory": "1500m"})
            spark.sparkContext.setLogLevel("ERROR")
            posts = spark.read.parquet(f"file://{folder}/posts.parquet").repartition(16, "id").cache()
            assert posts.count() == args.rows
            few = posts.where(f"id < {args.vader_rows}").cache()
            assert few.count() == args.vader_rows
            from pyspark.sql.functions import pandas_udf

            score = pandas_udf(vader, "float")
            plans = {
                "no-op": (posts.mapInArrow(no_op, posts.schema), args.rows),
                "tonalite": (ts.analyze(posts, "text", "id"), args.rows),
                "tonalite label": (ts.analyze(posts, "text", "id", columns=["label", "score"]), args.rows),
                "vader": (few.select("id", score("text")), args.vader_rows),
            }
            seconds: dict[str, list[float]] = {name: [] for name in plans}
            for _ in range(2):
                for name, (plan, _rows) in plans.items():
                    begun = time.perf_counter()
                    plan.write.format("noop").mode("overwrite").save()
                    seconds[name].append(time.perf_counter() - begun)
                    print(name, f"{seconds[name][-1]:.1f} s", "load", os.getloadavg()[0], file=sys.stderr, flush=True)
            best = {name: min(s) for name, s in seconds.items()}
            rate = {name: plans[name][1] / best[name] for name in plans}
            print(json.dumps({"seconds": seconds, "rows_per_second": rate,
                              "tonalite_to_noop": best["tonalite"] / best["no-op"],
                              "tonalite_to_vader": rate["tonalite"] / rate["vader"]}, indent=1))  # fmt: skip
            spark.stop()
        finally:
            cluster.stop()


if __name__ == "__main__":
    main()
