"""What is installed: small, quick to import, typed."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tonalite


def best_of(times, command):
    """Seconds that a fresh interpreter needs more than one that does nothing; the least of some tries."""

    def run(code):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-I", "-c", code], check=True)
        return time.perf_counter() - begun

    return min(run(command) for _ in range(times)) - min(run("pass") for _ in range(times))


def test_it_says_its_version():
    assert tonalite.__version__ == importlib.metadata.version("tonalite")


def test_import_is_quick():
    code = "import time; t = time.perf_counter(); import tonalite; print(time.perf_counter() - t)"
    runs = [float(subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True).stdout) for _ in range(7)]
    assert min(runs) < 0.060, runs


def test_import_brings_no_other_library():
    code = "import sys, tonalite; print([m for m in ('pyarrow', 'pandas', 'numpy', 'polars', 'pyspark') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True).stdout
    assert out.strip() == "[]"


def test_the_first_analysis_is_there_within_a_second():
    assert best_of(3, "import tonalite; assert tonalite.Analyzer().analyze('nul').label == 'negative'") < 1.0


def test_the_wheel_is_small():
    wheel = os.environ.get("TONALITE_WHEEL")
    if not wheel:
        pytest.skip("TONALITE_WHEEL names no wheel")
    assert Path(wheel).stat().st_size <= 12 << 20
    assert "-abi3-" in Path(wheel).name


def test_stubs_match_the_module():
    pytest.importorskip("mypy")
    assert (Path(tonalite.__file__).parent / "py.typed").exists()
    out = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "tonalite._tonalite", "--ignore-disjoint-bases"], capture_output=True, text=True
    )
    assert out.returncode == 0, out.stdout + out.stderr
