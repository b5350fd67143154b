"""Figures and sliders: everything that draws. It stands above the mathematics and is never imported by it."""

import logging

# What matplotlib has to say while it is loaded is news of the machine (a font cache to build, a closed home), no part of a chapter.
_log = logging.getLogger("matplotlib")
_level = _log.level
_log.setLevel(logging.ERROR)

from .bowl import Bowl, TwoPaths
from .breakit import BreakIt, break_it
from .descent import Boundary, Cost, Downhill, Drop, StillTrains
from .diagram import Diagram, Passes, Paths, WeightPath
from .digits import Confusion, Learning, Misread, Starts, progress
from .explore import Explorer, explore, index, log_scale
from .heat import RowOfW, UnitColumn
from .nudge import NudgeB, NudgeW, NudgeX
from .picture import Picture
from .reading import Reading
from .slope import ACTIVATIONS, RowsStoodUp, Tangent, ThroughF
from .step_size import StepSize
from .unfold import Slices, UnfoldBack, UnfoldOuter

_log.setLevel(_level)

__all__ = [
    "ACTIVATIONS", "Boundary", "Bowl", "BreakIt", "Confusion", "Cost", "Diagram", "Downhill", "Drop",
    "Explorer", "Learning", "Misread", "NudgeB", "NudgeW", "NudgeX", "Passes", "Paths", "Picture", "Reading",
    "RowOfW", "RowsStoodUp", "Slices", "Starts", "StepSize", "StillTrains", "Tangent", "ThroughF", "TwoPaths",
    "UnfoldBack", "UnfoldOuter", "UnitColumn", "WeightPath", "break_it", "explore", "index", "log_scale", "progress",
]
