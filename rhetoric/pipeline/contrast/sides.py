"""The likeliest sequence of contrast sides, by Viterbi search over what the encoder says of each token.

A first side is always followed by a second one, so that every contrast found is whole.
"""

import numpy as np

from rhetoric.pipeline.read import Array

# Search states: outside, begin a, inside a, between the sides, begin b, inside b; and the column each one reads.
_COLUMN = np.array([0, 1, 2, 0, 3, 4])
_IN_SIDE = np.array([0, 1, 1, 0, 1, 1], dtype=np.float32)
_NEVER = float("-inf")


def best_sides(scores: Array, eagerness: float = 0.0) -> list[tuple[int, int, int, int]]:
    """Return ``(a start, a end, b start, b end)`` of each contrast in the likeliest sequence.

    ``scores`` are (tokens × 5) log-probabilities of outside, begin-a, inside-a, begin-b, inside-b; ``eagerness`` (in
    nats a token) favours sides over outside.
    """
    if (scores[:, 1:].max(axis=1) + eagerness <= scores[:, 0]).all():
        return []  # most passages: nothing is likelier in a side than outside
    # Plain numbers: there are too few states for arrays to be worth their while.
    emitted = (scores[:, _COLUMN] + eagerness * _IN_SIDE).tolist()
    value = [emitted[0][0], emitted[0][1], _NEVER, _NEVER, _NEVER, _NEVER]
    back: list[tuple[int, ...]] = []
    for out, begin_a, in_a, between, begin_b, in_b in emitted[1:]:
        from_a = 2 if value[2] > value[1] else 1
        from_b = 5 if value[5] > value[4] else 4
        apart = from_b if value[from_b] > value[0] else 0  # what may be followed by no side, or by a new one
        within = 3 if value[3] > value[from_a] else from_a  # what a second side is still to follow
        back.append((apart, apart, from_a, within, within, from_b))
        value = [
            value[apart] + out,
            value[apart] + begin_a,
            value[from_a] + in_a,
            value[within] + between,
            value[within] + begin_b,
            value[from_b] + in_b,
        ]
    state = max((0, 4, 5), key=lambda each: value[each])
    path = [state]
    for came_from in reversed(back):
        state = came_from[state]
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
