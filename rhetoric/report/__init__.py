"""Reports: views that read a scorecard and its record, and never compute a score."""
