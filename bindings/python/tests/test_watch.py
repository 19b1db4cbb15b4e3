"""The watch: shards merge into the whole, and the figures are the program's."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import subprocess
import threading
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import tonalite

EXAMPLES = Path(__file__).parents[3] / "examples/data/posts.jsonl"


@pytest.fixture(scope="module")
def posts():
    return [json.loads(line) for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]


def watched(*shards, **settings):
    watch = tonalite.Watch(**settings)
    for shard in shards:
        watch.observe_batch(shard)
    return watch


@pytest.fixture(scope="module")
def whole(posts):
    return watched(posts)


def test_the_figures_are_the_programs(whole):
    program = os.environ.get("TONALITE_PROGRAM")
    if not program:
        pytest.skip("TONALITE_PROGRAM names no program to compare with")
    out = subprocess.run([program, "watch", "--json", EXAMPLES], check=True, capture_output=True, text=True).stdout
    assert whole.digest() == json.loads(out.splitlines()[-1])["digest"]


def test_the_digest_says_what_goes_on(whole, posts):
    digest = whole.digest()
    assert whole.posts == digest["posts"] == len(posts)
    assert digest["targets"][0]["target"] == "Nimbo"
    assert digest["stories"] and digest["read_first"] and dict(digest["noise"])["spam"] > 0


@pytest.mark.parametrize("cut", [lambda i: i % 2, lambda i: i < 9, lambda i: i * 7919 % 13, lambda i: 0])
def test_shards_merge_into_the_whole(whole, posts, cut):
    shards: dict[int, list] = {}
    for i, post in enumerate(posts):
        shards.setdefault(int(cut(i)), []).append(post)
    merged = tonalite.Watch()
    for shard in reversed(list(shards.values())):
        merged.merge(watched(shard))
    assert merged == whole
    assert merged.digest() == whole.digest()


def _watch_in_a_process(posts):
    return watched(posts)


def test_shards_come_from_other_processes(whole, posts):
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        shards = pool.map(_watch_in_a_process, [posts[:300], posts[300:]])
    shards[0].merge(shards[1])
    assert shards[0] == whole


def test_saved_bytes_go_on_where_they_were(whole, posts):
    half = watched(posts[:300])
    back = tonalite.Watch.from_bytes(half.to_bytes())
    assert back == half
    assert back.observe_batch(posts[300:]) == len(posts) - 300
    assert back == whole != half
    analyzer = tonalite.Analyzer(targets="Nimbo")
    copy = pickle.loads(pickle.dumps(tonalite.Watch(analyzer)))
    copy.observe_batch(["Nimbo est génial"], created_at="2026-03-01T10:00:00Z")
    assert [t["target"] for t in copy.digest()["targets"]] == ["Nimbo"]


@pytest.mark.parametrize("saved", [b"", b"nonsense", b"tonalite watch 0.0.0\n\0"])
def test_bytes_that_are_no_watch(saved):
    with pytest.raises(ValueError, match="no watch of tonalite"):
        tonalite.Watch.from_bytes(saved)
    whole = watched(["C'est nul"]).to_bytes()
    with pytest.raises(ValueError, match="no watch of tonalite"):
        tonalite.Watch.from_bytes(whole[:-9])


def test_all_that_a_batch_may_be():
    rows = [{"text": "C'est nul", "author": "a"}, {"text": None, "author": "b"}, {"text": "J'adore", "author": "c"}]
    texts = [row["text"] for row in rows]
    by_hand = watched()
    assert by_hand.observe_batch(texts, author=[row["author"] for row in rows]) == 2
    for batch in [[rows[0], None, rows[2]], pd.DataFrame(rows), pa.Table.from_pylist(rows)]:
        assert watched(batch) == by_hand
    assert watched([]).posts == 0


def test_a_bad_row_takes_nothing_in(whole):
    watch = watched(["Bof"])
    with pytest.raises(TypeError) as error:
        watch.observe_batch(["C'est nul", b"J'adore"])
    assert error.value.row == 1
    assert watch == watched(["Bof"])


def test_settings_are_those_of_the_program():
    watch = tonalite.Watch(config={"time_zone": "Europe/Paris", "alerts": {"warm_up_days": 14}})
    with pytest.raises(ValueError, match="different settings"):
        watch.merge(tonalite.Watch())
    with pytest.raises(ValueError, match="unknown field `min_post`"):
        tonalite.Watch(config={"min_post": 3})
    with pytest.raises(ValueError, match="`alerts.min_ratio` must be"):
        tonalite.Watch(config={"alerts": {"min_ratio": 0.5}})


def test_threads_may_share_one(whole, posts):
    shared, other = tonalite.Watch(), watched(posts[:100])
    work = [threading.Thread(target=shared.observe_batch, args=(posts[i::4],), kwargs={"threads": 1}) for i in range(4)]
    # Two that merge into each other, and one into itself, end.
    work += [threading.Thread(target=a.merge, args=(b,)) for a, b in [(other, tonalite.Watch()), (other, other)]]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert shared == whole
    assert other.posts == 200
