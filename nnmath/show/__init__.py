"""Figures and sliders: everything that draws. It stands above the mathematics and is never imported by it."""

from .breakit import BreakIt, break_it
from .explore import Explorer, explore, index, log_scale
from .heat import RowOfW, UnitColumn
from .nudge import NudgeB, NudgeW, NudgeX
from .picture import Picture
from .reading import Reading
from .slope import ACTIVATIONS, RowsStoodUp, Tangent, ThroughF
from .step_size import StepSize

__all__ = ["BreakIt", "break_it", "Explorer", "NudgeB", "NudgeW", "NudgeX", "Picture", "Reading", "RowOfW", "RowsStoodUp", "StepSize", "Tangent", "ThroughF", "ACTIVATIONS", "UnitColumn", "explore", "index", "log_scale"]
