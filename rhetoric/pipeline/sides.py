"""The likeliest sequence of contrast sides, by Viterbi search over what the encoder says of each token.

A first side is always followed by a second one, so that every contrast found is whole.
"""

import numpy as np

from rhetoric.pipeline.read import Array

# Search states: outside, begin a, inside a, between the sides, begin b, inside b; and the column each one reads.
_COLUMN = np.array([0, 1, 2, 0, 3, 4])
_NEXT = {0: (0, 1), 1: (2, 3, 4), 2: (2, 3, 4), 3: (3, 4), 4: (5, 0, 1), 5: (5, 0, 1)}
_ALLOWED = np.full((6, 6), -np.inf, dtype=np.float32)
for _from, _to in _NEXT.items():
    _ALLOWED[_from, list(_to)] = 0
_START, _END = np.array([0, 0, -np.inf, -np.inf, -np.inf, -np.inf]), np.array([0, -np.inf, -np.inf, -np.inf, 0, 0])


def best_sides(scores: Array, eagerness: float = 0.0) -> list[tuple[int, int, int, int]]:
    """Return ``(a start, a end, b start, b end)`` of each contrast in the likeliest sequence.

    ``scores`` are (tokens × 5) log-probabilities of outside, begin-a, inside-a, begin-b, inside-b; ``eagerness`` (in
    nats a token) favours sides over outside.
    """
    emitted = scores[:, _COLUMN].copy()
    emitted[:, [1, 2, 4, 5]] += eagerness
    value = emitted[0] + _START
    back = np.zeros((len(scores), 6), dtype=np.int8)
    for at in range(1, len(scores)):
        reach = value[:, None] + _ALLOWED
        back[at] = reach.argmax(axis=0)
        value = reach.max(axis=0) + emitted[at]
    state = int((value + _END).argmax())
    path = [state]
    for at in range(len(scores) - 1, 0, -1):
        state = int(back[at, state])
        path.append(state)
    return _pairs(path[::-1])


def _pairs(path: list[int]) -> list[tuple[int, int, int, int]]:
    found: list[list[int]] = []
    for at, state in enumerate(path):
        if state == 1:
            found.append([at, at + 1])
        elif state == 2:
            found[-1][1] = at + 1
        elif state == 4:
            found[-1] += [at, at + 1]
        elif state == 5:
            found[-1][3] = at + 1
    return [(a, b, c, d) for a, b, c, d in (pair for pair in found if len(pair) == 4)]
