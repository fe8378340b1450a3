"""Guidelines that an image keeps or breaks by itself: large, sharp, bright, and its subject fills the frame."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.findings import Chosen, Finding, Kind, Step
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
    reason: str
    remedy: str
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
    larger = "choose a larger image"
    closer = "crop it to the subject, or choose an image that shows it larger"
    yield _Fault(Kind.QUALITY, unknown, "was prepared before images were measured", "look at it yourself", Step.NONE)
    yield _Fault(Kind.QUALITY, tiny, f"smaller than {TINY} pixels: too little to see", larger)
    yield _Fault(Kind.QUALITY, blurred, "blurred: no edge in it is sharp", "choose a sharp image")
    yield _Fault(Kind.QUALITY, dark, "dark: hardly anything in it is bright", "brighten it, or choose another image")
    yield _Fault(Kind.DISTRACTION, small, "the subject is small in its frame", closer)
    yield _Fault(Kind.DISTRACTION, aside, "the subject is off to the side", "crop it around the subject")
    yield _Fault(Kind.DISTRACTION, cluttered, "cluttered: the whole frame is full of things", closer)
