"""Actors of a Ray cluster of two nodes on this machine, one of them killed at work."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ray = pytest.importorskip("ray", reason="needs the extra ray")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ray's test cluster does not run there")

from rhetoric.corpus.engines import ray as module  # noqa: E402
from rhetoric.corpus.engines.ray import RayEngine  # noqa: E402
from rhetoric.corpus.engines.setup import Setup  # noqa: E402
from rhetoric.corpus.run import annotate_run, read_run, verify_run  # noqa: E402
from rhetoric.errors import RhetoricError  # noqa: E402
from rhetoric.ingest import Document  # noqa: E402


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    from ray.cluster_utils import Cluster

    started = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    started.add_node(num_cpus=1)
    yield started
    ray.shutdown()
    started.shutdown()


def corpus(count: int) -> list[Document]:
    text = "The race for chips is not a contest of ideas but of budgets."
    return [Document(f"d{n}", f"{text} Report {n} says so.", {}) for n in range(count)]


def test_a_worker_killed_under_load_costs_nothing(cluster: Any, tmp_path: Path) -> None:
    settings = {"sources": ["here"], "embedding": False}
    with RayEngine(Setup(threads=1), 2, cluster.address) as engine:
        nodes = {actor["node_id"] for actor in told(engine)}
        made_by = engine.describe()
        done = annotate_run(corpus(40), engine, tmp_path / "r", made_by, settings)
        for number, _ in enumerate(done):
            if number == 5:
                os.kill(told(engine)[0]["pid"], signal.SIGKILL)
    assert len(nodes) == 2
    found = list(read_run(tmp_path / "r"))
    assert [item["id"] for item in found] == [f"d{n}" for n in range(40)]
    assert not any("error" in item for item in found)
    assert verify_run(tmp_path / "r") == []
    with RayEngine(Setup(threads=1), 1, cluster.address) as engine:  # the same folder, the same resume
        again = list(annotate_run(corpus(41), engine, tmp_path / "r", made_by, settings))
    assert [each.kept for each in again] == [True] * 40 + [False]


def told(engine: RayEngine) -> list[dict[str, Any]]:
    """Return the process and the node of each actor."""

    def where(worker: Any) -> dict[str, Any]:
        return {"pid": os.getpid(), "node_id": ray.get_runtime_context().get_node_id()}

    return ray.get([actor.__ray_call__.remote(where) for actor in engine._actors])


def test_more_workers_than_cores_are_refused_and_not_waited_for(cluster: Any) -> None:
    said = r"too few cores \(2 on 2 machine\(s\), room for 2\) for the workers \(3 of them, with 1 core\(s\) each\)"
    with pytest.raises(RhetoricError, match=said), RayEngine(Setup(threads=1), 3, cluster.address):
        pass
    with pytest.raises(RhetoricError, match="room for 0"), RayEngine(Setup(threads=2), 1, cluster.address):
        pass
    assert not ray.is_initialized()


def test_a_machine_that_is_lost_is_not_waited_for_for_ever(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK", 1.0)
    lost = cluster.add_node(num_cpus=1)
    with RayEngine(Setup(threads=1), 3, cluster.address) as engine:
        engine.describe()
        cluster.remove_node(lost)
        with pytest.raises(RhetoricError, match=r"too few cores \(2 on 2"):
            list(engine(corpus(12)))


def test_a_cluster_that_is_not_there_is_said() -> None:
    with pytest.raises(RhetoricError, match="cannot be reached"), RayEngine(Setup(), 1, "127.0.0.1:1"):
        pass
