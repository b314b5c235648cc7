"""Which passages are shown, and in which order."""

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from rhetoric.annotation.coding import Coding, items

Show = Literal["all", "uncoded", "coded", "noted", "differ"]
Order = Literal["file", "doubt"]
SHOWN: Final[dict[Show, tuple[str, str]]] = {  # the key that asks for it, and what is said of it
    "all": ("a", "all passages"),
    "uncoded": ("u", "not done yet"),
    "coded": ("d", "done"),
    "noted": ("n", "with a note"),
    "differ": ("c", "coders differ"),
}


@dataclass(frozen=True)
class Filter:
    """What is shown: one of SHOWN, with a ``label`` (as ``labels`` gives them) if any, in the ``order`` of the file or
    those first that the machine is least sure of.
    """

    show: Show = "all"
    label: str | None = None
    order: Order = "file"

    def __str__(self) -> str:
        told = [SHOWN[self.show][1], *([self.label] if self.label else [])]
        return ", ".join([*told, *(["least sure first"] if self.order == "doubt" else [])])


def to_filter(said: dict[str, Any]) -> Filter:
    """Return the filter that a coder had when they left; what this version does not know is left out."""
    show = said.get("show") if said.get("show") in get_args(Show) else "all"
    order = said.get("order") if said.get("order") in get_args(Order) else "file"
    label = said.get("label") if isinstance(said.get("label"), str) else None
    return Filter(show, label, order)  # type: ignore[arg-type]


def labels(coding: Coding) -> set[str]:
    """Return the labels in a coding, rejected items left out: "frame race", "source war", "us leader", ...

    A question mark stands for what is not said yet.
    """
    found = {f"framing {coding['framing']}"} if coding["framing"] else set()
    found |= {f"frame {frame}" for frame, present in coding["frames"].items() if present}
    found |= {"about"} if coding["about"] else set()
    for country, said in coding["portrayal"].items():
        found |= {f"{country} {said['role']}", f"{country} {said['stance']:+d}"} if said else set()
    for name, item in items(coding):
        if item["state"] == "rejected":
            continue
        if name == "instances":
            found |= {f"actor {item['actor'] or '?'}", "explicit" if item["explicit"] else "not explicit"}
        elif name == "contrasts":
            found.add(f"contrast {item['label'] or '?'}")
        else:
            found |= {f"source {item['source'] or '?'}", f"target {item['target'] or '?'}"}
    return found
