"""Every snippet of the guides runs, in order, as a reader would paste them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def snippets(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    for match in re.finditer(r"^```python\n(.*?)^```", text, re.M | re.S):
        yield text[: match.start()].count("\n") + 2, match.group(1)


def run(path, names, folder):
    here = os.getcwd()
    os.chdir(folder)
    ran = 0
    try:
        for line, code in snippets(path):
            # Blank lines before it, so that a failure names the line of the guide.
            exec(compile("\n" * (line - 1) + code, str(ROOT / path), "exec"), names)
            ran += 1
    finally:
        os.chdir(here)
    assert ran, f"{path} has no snippets"


@pytest.mark.parametrize("path", ["docs/python.md", "bindings/python/README.md"])
def test_python(path, tmp_path):
    run(path, {"__name__": "guide"}, tmp_path)


def test_spark(tmp_path):
    pytest.importorskip("pyspark")
    from cluster import Cluster

    cluster = Cluster(tmp_path)
    try:
        os.environ.update({k: cluster.env[k] for k in ("SPARK_HOME", "SPARK_LOCAL_IP", "PYSPARK_PYTHON")})
        names = {"MASTER": cluster.url, "__name__": "guide"}
        os.environ["PYSPARK_SUBMIT_ARGS"] = (
            "--conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1 "
            "--conf spark.ui.enabled=false --conf spark.executor.memory=700m pyspark-shell"
        )
        try:
            run("docs/spark.md", names, tmp_path)
        finally:
            del os.environ["PYSPARK_SUBMIT_ARGS"]
            if "spark" in names:
                names["spark"].stop()
    finally:
        cluster.stop()


def test_the_guides_name_real_columns():
    import tonalite
    from tonalite import spark

    assert set(spark.DEFAULT_COLUMNS) < set(tonalite.column_names())
    for name in re.findall(r"`(\w+)=", (ROOT / "docs/python.md").read_text(encoding="utf-8")):
        assert name in (tonalite.Analyzer.__doc__ or "") + (tonalite.Analyzer.__text_signature__ or "") or name in {
            "threads"
        }, name
