"""The cluster that the Spark tests share: to start one takes longer than most of them."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    from cluster import Cluster

    cluster = Cluster(tmp_path_factory.mktemp("spark"))
    yield cluster
    cluster.stop()
