"""Recipes: data readers, training, export, and measuring against gold and baselines."""
