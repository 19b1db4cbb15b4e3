"""Figures for docs/python.md: the wheel against the engine in Rust and against vaderSentiment.

    cargo build --release -p tonalite-arrow --example rate
    python bindings/python/benches/batch.py target/release/examples/rate FILE_OF_LINES...

Everything runs in turn, five times; the best of each is taken, since other work on the machine can only
slow them down. CPU seconds are printed too: they hold where the clock does not.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

import tonalite

rate, files = sys.argv[1], sys.argv[2:]
lines = [line for f in files for line in Path(f).read_text(encoding="utf-8").splitlines() if line]
column = pa.array(lines)
analyzer, vader = tonalite.Analyzer(), SentimentIntensityAnalyzer()
few = lines[:: max(1, len(lines) // 4000)]


def rust() -> tuple[float, float]:
    def run(*args):
        before = os.times()
        out = subprocess.run([rate, *args], check=True, capture_output=True, text=True).stdout
        after = os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        return float(out.split()[0]), spent

    wall, cpu = run(*files)
    # Less what it takes to start.
    return wall, len(lines) / (cpu - run(os.devnull)[1])


def timed(work, rows):
    begun, cpu = time.perf_counter(), time.process_time()
    work()
    return rows / (time.perf_counter() - begun), rows / (time.process_time() - cpu)


runs = {
    "list, one thread": lambda: timed(lambda: analyzer.analyze_batch(lines, threads=1), len(lines)),
    "arrow, one thread": lambda: timed(lambda: analyzer.analyze_batch(column, threads=1), len(lines)),
    "arrow, two threads": lambda: timed(lambda: analyzer.analyze_batch(column, threads=2), len(lines)),
    "label only, two threads": lambda: timed(
        lambda: analyzer.analyze_batch(column, threads=2, columns=["label", "score"]), len(lines)
    ),
    "one by one": lambda: timed(lambda: [analyzer.analyze(t).label for t in few], len(few)),
    "vaderSentiment": lambda: timed(lambda: [vader.polarity_scores(t) for t in few], len(few)),
}
names = ["Rust, one thread", *runs]
best, best_cpu = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
for _ in range(int(os.environ.get("ROUNDS", "5"))):
    for name, run in {"Rust, one thread": rust, **runs}.items():
        wall, cpu = run()
        best[name], best_cpu[name] = max(best[name], wall), max(best_cpu[name], cpu)
for name in names:
    print(f"{name:26}{best[name]:10.0f} posts/s {best_cpu[name]:10.0f} posts/CPU-s")
for what, to in [
    ("list, one thread", "Rust, one thread"),
    ("arrow, one thread", "Rust, one thread"),
    ("arrow, two threads", "vaderSentiment"),
]:
    print(f"{what} to {to}: {best[what] / best[to]:.2f} by the clock, {best_cpu[what] / best_cpu[to]:.2f} by CPU time")
