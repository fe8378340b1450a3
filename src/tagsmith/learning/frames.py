"""Guidelines that an image keeps or breaks by itself: large, sharp, bright, and its subject fills the frame."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.findings import Chosen, Finding, Kind, Step
from tagsmith.sentences import Sentence, say
from tagsmith.vision.measures import Measures

TINY = 128  # pixels of the shorter side; the default encoder looks at 320
BLURRED = 0.18
DARK = 0.22
SPREAD_DETAIL, SPREAD_ATTENTION = 0.55, 0.72  # a cluttered frame has both
SMALL = 0.12
OFF_CENTRE = 0.32

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class _Fault:
    kind: Kind
    rows: Bools
    reason: Sentence
    remedy: Sentence
    step: Step = Step.DROP


def check_frames(chosen: Chosen) -> Iterator[Finding]:
    """Yield the findings of Quality and Distraction, one for each tag and fault; what was not measured has none."""
    for fault in _faults(chosen):
        for column, tag in enumerate(chosen.tags):
            rows = np.flatnonzero(fault.rows & chosen.Y[:, column])
            if len(rows):
                yield Finding(fault.kind, tag, chosen.named(rows), fault.reason, fault.remedy, fault.step)


def _faults(chosen: Chosen) -> Iterator[_Fault]:
    measured = Measures(*chosen.measures.T)
    unknown = np.isnan(measured.sharpness)
    tiny = chosen.sides < TINY
    blurred = (np.asarray(measured.sharpness) < BLURRED) & ~tiny
    dark = np.asarray(measured.brightness) < DARK
    small = np.asarray(measured.extent) < SMALL
    aside = np.asarray(measured.off_centre) > OFF_CENTRE
    spread = np.asarray(measured.detail) > SPREAD_DETAIL
    cluttered = spread & (np.asarray(measured.attended) > SPREAD_ATTENTION) & ~blurred  # blur spreads attention too
    larger = say("choose a larger image")
    closer = say("crop it to the subject, or choose an image that shows it larger")
    unmeasured, look = say("was prepared before images were measured"), say("look at it yourself")
    yield _Fault(Kind.QUALITY, unknown, unmeasured, look, Step.NONE)
    yield _Fault(Kind.QUALITY, tiny, say("smaller than {pixels} pixels: too little to see", pixels=TINY), larger)
    yield _Fault(Kind.QUALITY, blurred, say("blurred: no edge in it is sharp"), say("choose a sharp image"))
    brighter = say("brighten it, or choose another image")
    yield _Fault(Kind.QUALITY, dark, say("dark: hardly anything in it is bright"), brighter)
    yield _Fault(Kind.DISTRACTION, small, say("the subject is small in its frame"), closer)
    yield _Fault(Kind.DISTRACTION, aside, say("the subject is off to the side"), say("crop it around the subject"))
    yield _Fault(Kind.DISTRACTION, cluttered, say("cluttered: the whole frame is full of things"), closer)
