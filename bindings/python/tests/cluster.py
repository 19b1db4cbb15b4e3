"""A Spark standalone cluster on loopback: one master, two workers, one core each.

Not local mode: executors are processes of their own that unpack what was shipped to them, and can
be killed. Everything listens on 127.0.0.1 and is ended by the id of the process that was started.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Cluster:
    def __init__(self, folder: Path, workers: int = 2, memory: str = "1g") -> None:
        import pyspark

        self.home = Path(pyspark.__file__).parent
        self.folder = Path(folder)
        self.env = {
            **os.environ,
            "SPARK_HOME": str(self.home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": "256m",
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_DRIVER_PYTHON": sys.executable,
        }
        # What this process imports from must not reach the workers: they have the archive.
        self.env.pop("PYTHONPATH", None)
        port = free_port()
        self.url = f"spark://127.0.0.1:{port}"
        self.workers: list[subprocess.Popen] = []
        self.master = self._start(
            "master", "org.apache.spark.deploy.master.Master",
            "--host", "127.0.0.1", "--port", str(port), "--webui-port", str(free_port()),
        )  # fmt: skip
        try:
            self._wait_for("master", "I have been elected leader")
            for n in range(workers):
                self.workers.append(self._worker(n, memory))
            for n in range(workers):
                self._wait_for(f"worker-{n}", "Successfully registered with master")
        except BaseException:
            self.stop()
            raise

    def _worker(self, n: int, memory: str) -> subprocess.Popen:
        return self._start(
            f"worker-{n}", "org.apache.spark.deploy.worker.Worker",
            "--host", "127.0.0.1", "--cores", "1", "--memory", memory, "--webui-port", str(free_port()),
            "--work-dir", str(self.folder / f"work-{n}"), self.url,
        )  # fmt: skip

    def _start(self, name: str, main: str, *args: str) -> subprocess.Popen:
        log = (self.folder / f"{name}.log").open("w")
        command = [str(self.home / "bin" / "spark-class"), main, *args]
        # Its own session, so that a worker and its executors can be ended together.
        return subprocess.Popen(command, env=self.env, stdout=log, stderr=log, start_new_session=True)

    def _wait_for(self, name: str, line: str, seconds: float = 300) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if line in (self.folder / f"{name}.log").read_text(errors="replace"):
                return
            time.sleep(0.2)
        raise RuntimeError(f"{name} did not come up:\n{(self.folder / f'{name}.log').read_text()[-2000:]}")

    def session(self, **settings: str):
        from pyspark.sql import SparkSession
        from tonalite.spark import configure

        os.environ.update({k: self.env[k] for k in ("SPARK_HOME", "SPARK_LOCAL_IP", "PYSPARK_PYTHON")})
        builder = SparkSession.builder.master(self.url).appName("tonalite")
        for key, value in {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.memory": "1g",
            "spark.executor.memory": "700m",
            "spark.executor.cores": "1",
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": "4",
            "spark.ui.showConsoleProgress": "false",
            **settings,
        }.items():
            builder = builder.config(key, value)
        return configure(builder, self.folder / "archive").getOrCreate()

    def kill_worker(self, n: int) -> None:
        """Ends a worker and the executors that it started, without a word."""
        worker = self.workers[n]
        executors = _descendants(worker.pid)
        for pid in [*executors, worker.pid]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        worker.wait()

    def stop(self) -> None:
        for process in [*self.workers, self.master]:
            for pid in [*_descendants(process.pid), process.pid]:
                try:
                    os.kill(pid, signal.SIGTERM)
                except ProcessLookupError:
                    pass
            process.wait(timeout=30)


def _descendants(pid: int) -> list[int]:
    out = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            out += [*_descendants(int(child)), int(child)]
    return out
