"""Open folders of trained weights: checksums first, then ONNX Runtime; and the threads that run graphs."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar

from rhetoric.errors import ModelError
from rhetoric.resources import DETECTORS, SETTINGS

_MOST_THREADS = 8  # a document seldom has work for more
Made = TypeVar("Made")


def model_folder(told: str | None) -> Path:
    """Return the model folder that the ``folder`` of a component names, the shipped one where it names none."""
    return Path(told) if told else DETECTORS


def state_of(folder: Path) -> str:
    """Return what changes with anything in a model folder: its settings, which hold checksums of the files beside them;
    nothing where they cannot be read.
    """
    try:
        return (folder / SETTINGS).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def once_a_process(load: Callable[[Path], Made]) -> Callable[[Path], Made]:
    """Let ``load`` read a model folder once a process, and again where the folder has changed."""

    @lru_cache(maxsize=2)
    def made(folder: Path, state: str) -> Made:
        return load(folder)

    @wraps(load)
    def kept(folder: Path) -> Made:
        return made(folder.resolve(), state_of(folder))

    return kept


def read_files(folder: Path, names: Iterable[str]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the settings of a model folder and the files ``names``; raises ModelError where one is missing, damaged or
    not the one that was measured.
    """
    try:
        settings: dict[str, Any] = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        if not isinstance(settings, dict):
            raise ValueError(f"{SETTINGS} holds no settings")
        files = {name: (folder / name).read_bytes() for name in names}
        for name, data in files.items():
            if hashlib.sha256(data).hexdigest() != settings["sha256"][name]:
                raise ValueError(f"{name} does not match its checksum")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise broken(folder, error) from error
    return settings, files


def import_onnxruntime() -> Any:  # noqa: ANN401 - onnxruntime has no types
    """Return ONNX Runtime; every import of it goes through here, so that it sends nothing and writes no file at home.

    From 1.32 on it asks for Microsoft's server as soon as it is imported, unless told before. Earlier ones are told
    afterwards.
    """
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    return onnxruntime


def open_graph(folder: Path, graph: bytes) -> Any:  # noqa: ANN401 - onnxruntime has no types
    """Return a session of an ONNX graph, each run on the thread that calls it; raises ModelError where it is none."""
    onnxruntime = import_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1  # several runs at a time keep cores busier than several threads a run
    options.add_session_config_entry("session.disable_quant_qdq", "1")  # unfold int8 embeddings once, at loading
    slower = ["SkipLayerNormFusion"]  # than the sum and the norm by themselves
    try:
        return onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"], disabled_optimizers=slower
        )
    except Exception as error:  # the library raises kinds of its own
        raise broken(folder, error) from error


def threads() -> ThreadPoolExecutor:
    """Return the threads on which graphs run, the same ones for the whole process: as many as there are cores, or as
    the environment variable RHETORIC_THREADS says, for processes that share a machine.
    """
    return _threads_of(os.getpid())  # a forked process has none of its parent's


@lru_cache(maxsize=1)
def _threads_of(process: int) -> ThreadPoolExecutor:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    told = os.environ.get("RHETORIC_THREADS", "")
    cores = int(told) if told.isdigit() and int(told) else cores
    return ThreadPoolExecutor(min(cores, _MOST_THREADS), "rhetoric-encoder")


def broken(folder: Path, error: Exception) -> ModelError:
    """Return the error that says what to do about weights that cannot be loaded."""
    advice = "Reinstall rhetoric-toolkit."
    if not (folder / SETTINGS).is_file():
        advice = "This is no folder of detectors: name the one that `rhetoric train` wrote, not one in it."
    return ModelError(f"The encoder in {folder} cannot be loaded ({error}). {advice}")
