"""Frames and lines of a user's own, from coded passages to a folder of detectors: on a CPU, without PyTorch."""
