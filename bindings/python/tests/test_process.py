"""Threads, forks, interrupts and progress: what a long run in a real process meets."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time

import pytest

import tonalite
from posts import POSTS

TEXTS = [p for p in POSTS if p]
#: Some seconds of work, so that there is something to interrupt.
LONG = [" ".join(TEXTS)[:6000]] * 6000


def test_the_gil_is_free_meanwhile():
    analyzer = tonalite.Analyzer(threads=1)
    ticks, stop = [], threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    ticker.start()
    begun = time.perf_counter()
    analyzer.analyze_batch(LONG[:600])
    ended = time.perf_counter()
    stop.set()
    ticker.join()
    inside = [t for t in ticks if begun < t < ended]
    assert len(inside) > 5, f"{len(inside)} ticks in {ended - begun:.2f} s"


def test_threads_share_one_analyzer():
    analyzer = tonalite.Analyzer(threads=2)
    want = analyzer.analyze_batch(TEXTS * 20).to_pylist()
    got, errors = [], []

    def work():
        try:
            got.append(analyzer.analyze_batch(TEXTS * 20).to_pylist())
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert not errors and got == [want] * 6


def test_progress_is_told_and_its_errors_are_heard():
    told = []
    analyzer = tonalite.Analyzer(threads=2)
    analyzer.analyze_batch(LONG[:2000], progress=lambda done, total: told.append((done, total)), columns=["label"])
    assert told[-1] == (2000, 2000)
    assert [d for d, _ in told] == sorted({d for d, _ in told})
    told.clear()
    analyzer.analyze_batch([], progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 0)]

    def refuse(done, total):
        raise LookupError("enough")

    for threads in (1, 2):
        with pytest.raises(LookupError, match="enough"):
            analyzer.analyze_batch(LONG, progress=refuse, threads=threads)


@pytest.mark.parametrize("threads", [1, 2])
def test_an_interrupt_is_heard_at_once(threads):
    analyzer = tonalite.Analyzer(threads=threads)
    analyzer.analyze("nul")
    sent = []

    def interrupt():
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(0.3, interrupt)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        analyzer.analyze_batch(LONG * 10, columns=["label"])
    timer.join()
    assert time.perf_counter() - sent[0] < 3.0
    assert analyzer.analyze("c'est nul").label == "negative"


def _child(analyzer, queue):
    queue.put(analyzer.analyze_batch(TEXTS * 20)["label"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_it_works_after_a_fork():
    analyzer = tonalite.Analyzer(threads=2)
    want = analyzer.analyze_batch(TEXTS * 20)["label"]  # threads have run in the parent
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    children = [context.Process(target=_child, args=(analyzer, queue)) for _ in range(3)]
    [c.start() for c in children]
    assert [queue.get(timeout=60) for _ in children] == [want] * 3
    [c.join(30) for c in children]
    assert [c.exitcode for c in children] == [0] * 3
    assert analyzer.analyze_batch(TEXTS * 20)["label"] == want


def test_it_works_in_a_spawned_pool():
    analyzer = tonalite.Analyzer(targets="Nimbo", lexicons=[("mine", "term\tvalence\nzorglub\t-3\n")])
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        read = pool.map(analyzer.analyze, ["ce truc est zorglub"] * 4)
    assert [a.label for a in read] == ["negative"] * 4
    assert pickle.loads(pickle.dumps(analyzer)).analyze("x zorglub") == analyzer.analyze("x zorglub")


def test_nothing_is_left_behind():
    def memory():
        with open("/proc/self/statm") as f:
            return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    if not os.path.exists("/proc/self/statm"):
        pytest.skip("no /proc here")
    import pyarrow as pa

    analyzer, texts = tonalite.Analyzer(threads=2), pa.array(TEXTS * 100)
    for _ in range(5):
        pa.table(analyzer.analyze_batch(texts))
    before = memory()
    for _ in range(60):
        pa.table(analyzer.analyze_batch(texts))
        pa.record_batch(analyzer.analyze_batch(texts))
    assert memory() - before < 64 << 20, sys.getrefcount(texts)
