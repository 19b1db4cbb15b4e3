"""Every snippet of the guides runs, in order, as a reader would paste them."""

from __future__ import annotations

import os
import re
import shutil
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


@pytest.mark.parametrize("path", ["docs/python.md", "docs/cookbook.md", "bindings/python/README.md"])
def test_python(path, tmp_path):
    shutil.copy(ROOT / "examples/data/posts.jsonl", tmp_path)
    run(path, {"__name__": "guide"}, tmp_path)


def test_spark(cluster, tmp_path, monkeypatch):
    for name in ("SPARK_HOME", "SPARK_LOCAL_IP", "PYSPARK_PYTHON"):
        monkeypatch.setenv(name, cluster.env[name])
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.executor.memory": "700m",
    }
    conf = " ".join(f"--conf {key}={value}" for key, value in settings.items())
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", f"{conf} pyspark-shell")
    names = {"MASTER": cluster.url, "__name__": "guide"}
    try:
        run("docs/spark.md", names, tmp_path)
    finally:
        if "spark" in names:
            names["spark"].stop()


def test_the_guides_name_real_columns():
    import tonalite
    from tonalite import spark

    assert set(spark.DEFAULT_COLUMNS) < set(tonalite.column_names())
    for name in re.findall(r"`(\w+)=", (ROOT / "docs/python.md").read_text(encoding="utf-8")):
        assert name in (tonalite.Analyzer.__doc__ or "") + (tonalite.Analyzer.__text_signature__ or "") or name in {
            "threads"
        }, name
