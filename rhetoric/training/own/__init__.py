"""Frames and lines of a user's own, from coded passages to a folder of detectors: on a CPU, without PyTorch."""

from rhetoric.training.own.decisions import train_decisions
from rhetoric.training.own.frames import train_frames

__all__ = ["train_frames", "train_decisions"]
