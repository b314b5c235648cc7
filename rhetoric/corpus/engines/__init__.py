"""Engines: who annotates the documents of a run. Processes of this machine, or actors of a Ray cluster."""
