"""What the model cards say: every figure is measured here, and none is typed by hand."""
