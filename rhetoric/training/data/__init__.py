"""What networks learn from: passages, treebanks and discourse corpora, as batches with what should be said of them."""
