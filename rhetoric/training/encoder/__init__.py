"""The encoder with its heads: trained with PyTorch, cross-validated, and exported as what ships."""
