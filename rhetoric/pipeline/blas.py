"""The matrix products of the parse, by NumPy's BLAS and on one thread.

spaCy brings a BLAS of its own, which knows few processors: on others it takes three times as long. On one thread, since
the encoder has the other cores meanwhile.
"""

from functools import lru_cache
from typing import Any

from spacy.language import Language
from thinc.api import Model, NumpyOps
from threadpoolctl import ThreadpoolController


class Products(NumpyOps):
    """Thinc's operations on NumPy arrays, with NumPy's product of matrices."""

    def __init__(self) -> None:
        super().__init__(use_blis=False)
        self._libraries = ThreadpoolController().select(user_api="blas").lib_controllers

    def __reduce__(self) -> tuple[Any, ...]:  # another process has libraries of its own
        return _products, ()

    def gemm(self, x: Any, y: Any, *, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:  # noqa: ANN401
        """Return the product of two matrices (n × m) and (m × k), each transposed first where asked."""
        threads = [library.get_num_threads() for library in self._libraries]
        try:
            for library in self._libraries:
                library.set_num_threads(1)
            return super().gemm(x, y, out=out, trans1=trans1, trans2=trans2)
        finally:  # whoever else multiplies matrices has their threads back
            for library, before in zip(self._libraries, threads, strict=True):
                library.set_num_threads(before)

    def gather_add(self, table: Any, indices: Any) -> Any:  # noqa: ANN401
        """Return the sums of rows of ``table``; thinc's own wants one to write in, and joblib sends none."""
        return super().gather_add(table if table.flags.writeable else table.copy(), indices)


@lru_cache(maxsize=1)
def _products() -> Products:
    return Products()


def use_numpy(nlp: Language) -> None:
    """Let the models of ``nlp`` that run on NumPy use its BLAS; those on a GPU, or with a BLAS of the platform's own,
    stay as they are.
    """
    for _, pipe in nlp.pipeline:
        model = getattr(pipe, "model", None)
        for node in model.walk() if isinstance(model, Model) else ():
            if type(node.ops) is NumpyOps:
                node.ops = _products()
