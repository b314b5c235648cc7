"""The shapes of the toolkit's own types, as OpenAPI is told of them: they are said once, in the types themselves."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from typing_extensions import TypedDict


@cache
def shape_of(kind: Any) -> Any:  # noqa: ANN401 - types of all sorts
    """Return ``kind`` with every dataclass and TypedDict in it as a TypedDict that pydantic takes on any Python."""
    if is_typeddict(kind) or is_dataclass(kind):
        hints = get_type_hints(kind, include_extras=True)
        names = [field.name for field in fields(kind)] if is_dataclass(kind) else list(hints)
        return make_shape(kind.__name__, {name: shape_of(hints[name]) for name in names})
    origin, arguments = get_origin(kind), tuple(shape_of(each) for each in get_args(kind))
    if origin in (Union, types.UnionType):
        return Union[arguments]  # noqa: UP007 - made of a tuple
    if origin in (list, dict, tuple, Mapping):
        return (dict if origin is Mapping else origin)[arguments]
    return NotRequired[arguments[0]] if origin is NotRequired else kind


def make_shape(name: str, entries: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return a TypedDict of these entries."""
    maker: Any = TypedDict  # a name and entries that are computed are beyond what type checkers follow
    return maker(name, entries)
