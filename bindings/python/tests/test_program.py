"""The wheel and the command line give the same answers: field by field, and floats bit by bit."""

from __future__ import annotations

import gzip
import json
import os
import re
import shlex
import struct
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import tonalite
from posts import POSTS

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples/data/posts.jsonl"

PROGRAM = os.environ.get("TONALITE_PROGRAM")
pytestmark = pytest.mark.skipif(not PROGRAM, reason="TONALITE_PROGRAM names no program to compare with")


def program(*arguments, **options):
    return subprocess.run([PROGRAM, *map(str, arguments)], check=True, capture_output=True, **options).stdout


def records(lines):
    return [json.loads(line) for line in lines.splitlines()]


@pytest.fixture(scope="module")
def analyzer():
    return tonalite.Analyzer(offsets="byte")


@pytest.fixture(scope="module")
def examples():
    return records(EXAMPLES.read_bytes())


@pytest.fixture(scope="module")
def said():
    return records(program("analyze", "--quiet", EXAMPLES))


def bits(number):
    return struct.pack("<f", number)


def test_every_example_one_by_one_and_in_a_batch(analyzer, examples, said):
    assert len(said) == len(examples) > 600
    assert analyzer.analyze_batch(examples).to_pylist() == said
    for post, record in list(zip(examples, said))[::7]:
        fields = {k: v for k, v in post.items() if k not in ("text", "engagement")}
        assert analyzer.analyze(post["text"], **fields).to_dict() == record


def test_columns_hold_the_same_32_bits(analyzer, examples, said):
    table = pa.table(analyzer.analyze_batch(examples, threads=2))
    for name, of in [
        ("score", lambda t: t["score"]),
        ("confidence", lambda t: t["confidence"]),
        ("p_negative", lambda t: t["p"]["negative"]),
        ("p_neutral", lambda t: t["p"]["neutral"]),
        ("p_positive", lambda t: t["p"]["positive"]),
    ]:
        assert [bits(x) for x in table[name].to_pylist()] == [bits(of(r["tonality"])) for r in said], name
    weights = [[bits(e["weight"]) for e in row] for row in table["evidence"].to_pylist()]
    assert weights == [[bits(e["weight"]) for e in r["evidence"]] for r in said]


def test_parquet_is_the_table_of_the_wheel(analyzer, examples, tmp_path):
    tones = tmp_path / "tones.parquet"
    program("analyze", "--quiet", EXAMPLES, "-o", tones)
    table = pa.table(analyzer.analyze_batch(examples))
    assert pq.read_table(tones).combine_chunks().equals(table.combine_chunks())


@pytest.mark.parametrize("compression", ["snappy", "zstd", "none"])
def test_parquet_of_pyarrow_is_read(said, examples, tmp_path, compression):
    posts = tmp_path / "posts.parquet"
    names = {name for post in examples for name in post} - {"engagement"}
    rows = [{name: post.get(name) for name in sorted(names)} for post in examples]
    pq.write_table(pa.Table.from_pylist(rows), posts, row_group_size=100, compression=compression)
    assert records(program("analyze", "--quiet", posts)) == said


def test_hard_posts_with_fields_beside_them(analyzer, tmp_path):
    posts = [
        {"id": str(i), "text": text, "source": ["tweet", "forum"][i % 2], "author_bio": "dev", "target": "Nimbo"}
        for i, text in enumerate(POSTS)
        if text is not None
    ]
    lines = tmp_path / "posts.jsonl.gz"
    lines.write_bytes(gzip.compress("".join(json.dumps(p) + "\n" for p in posts).encode()))
    said = records(program("analyze", "--quiet", lines))
    read = [analyzer.analyze(p["text"], **{k: v for k, v in p.items() if k != "text"}) for p in posts]
    assert said == [a.to_dict() for a in read]
    assert said == analyzer.analyze_batch(posts).to_pylist()


def test_commands_of_the_guide(tmp_path):
    """Lines of shell in the guide that run the program, on files of the names that they use."""
    guide = (ROOT / "docs/python.md").read_text(encoding="utf-8")
    commands = re.findall(r"^tonalite (.+)$", "\n".join(re.findall(r"^```sh\n(.*?)^```", guide, re.M | re.S)), re.M)
    assert len(commands) >= 3
    table = pa.table({"id": ["1", "2"], "text": ["C'est nul", "J'adore"]})
    pq.write_table(table, tmp_path / "posts.parquet")
    (tmp_path / "posts.jsonl.gz").write_bytes(gzip.compress(EXAMPLES.read_bytes()))
    for command in commands:
        program(*shlex.split(command, comments=True), cwd=tmp_path)
    assert pq.read_table(tmp_path / "tones.parquet")["label"].to_pylist() == ["negative", "positive"]
    assert (tmp_path / "tones.csv.zst").stat().st_size > 1000
