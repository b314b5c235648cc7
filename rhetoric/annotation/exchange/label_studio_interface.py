"""The labeling interface of Label Studio, made of the labels of the codebook."""

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import quoteattr

from rhetoric.annotation.exchange.marks import CHOICES, CONTRAST_CUE, LABELS, LINKS, LIVE, PASSAGE, RELATED
from rhetoric.labels import CONTRASTS, COUNTRIES, FRAMES, ROLES, STANCES

OWN: Final = "custom"  # the choices of frames of the user's own
# Told apart by colour-blind readers too (Okabe and Ito); passages, under all others, are pale.
_COLOURS: Final[dict[str, str]] = {
    PASSAGE: "#e5e5e5",
    "account": "#0072b2",
    "machinery": "#d55e00",
    "framing_cue": "#f0e442",
    **dict.fromkeys(CONTRASTS, "#009e73"),
    CONTRAST_CUE: "#56b4e9",
    LIVE: "#cc79a7",
    RELATED: "#e69f00",
}


def can_choose(label: str) -> bool:
    """Whether a frame of the user's own can be a choice: XML has no place for some characters, and trims others."""
    return label.isprintable() and label == label.strip() != ""


def make_interface(own: Iterable[str] = ()) -> str:
    """Return the interface, as XML; ``own`` are frames of the user's own, which a coder then finds as choices."""
    chosen = sorted(label for label in own if can_choose(label))
    asked = [
        *(_choices(name, values, labels) for name, (labels, values) in CHOICES.items()),
        _choices("about", ("yes", "no"), [PASSAGE]),
        _choices("frames", FRAMES, [PASSAGE], how_many="multiple"),
        *([_choices(OWN, chosen, [PASSAGE], how_many="multiple")] if chosen else []),
    ]
    for country in COUNTRIES:
        asked += [_choices(f"{country}_role", ROLES, [PASSAGE]), _choices(f"{country}_stance", STANCES, [PASSAGE])]
    links = "\n".join(f'    <Relation value="{link}"/>' for link in LINKS)
    labels = "\n".join(f'    <Label value="{label}" background="{_COLOURS[label]}"/>' for label in LABELS)
    choices = "\n".join(asked)
    return f"""<View>
  <Style>.htx-text {{ white-space: pre-wrap; }}</Style>
  <Relations>
{links}
  </Relations>
  <Labels name="label" toName="text">
{labels}
  </Labels>
  <Text name="text" value="$text" granularity="word"/>
{choices}
</View>
"""


def _choices(name: str, values: Iterable[object], labels: Iterable[str], how_many: str = "single") -> str:
    """Return what is asked of a region with one of ``labels``."""
    when = f'whenLabelValue="{",".join(labels)}"'
    shown = 'perRegion="true" visibleWhen="region-selected" showInline="true"'
    choices = "\n".join(f"      <Choice value={quoteattr(str(value))}/>" for value in values)
    return f"""  <View visibleWhen="region-selected" {when}>
    <Header value="{name.replace("_", " ")}" size="6"/>
    <Choices name="{name}" toName="text" {shown} {when} choice="{how_many}">
{choices}
    </Choices>
  </View>"""
