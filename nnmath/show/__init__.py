"""Figures and sliders. This is all that draws; the mathematics never imports it."""

import logging

# While matplotlib is loaded, it may log a font cache that it builds or a home that it cannot write to. That is
# about the machine and not about the book, so it stays out of the chapters.
_log = logging.getLogger("matplotlib")
_level = _log.level
_log.setLevel(logging.ERROR)

from .ch00 import Colors, FirstLook, Reading
from .ch01 import Secant, StepSize
from .ch02 import NudgeB, UnitColumn
from .ch03 import NudgeW, RowOfW, Slices
from .ch04 import NudgeX, RowsStoodUp
from .ch05 import ACTIVATIONS, Tangent, ThroughF
from .ch06 import Answer, Bowl
from .ch07 import Chain, TwoPaths, UnfoldOuter
from .ch08 import Paths, UnfoldBack
from .ch09 import Boundary, Cost, Downhill, Drop, StillTrains, WeightPath
from .ch10 import Confusion, Digits, Learning, Misread, Starts, progress
from .ch11 import Cure, Shares, SoftmaxJacobian, TwoLosses
from .ch12 import Maps, Shifted, Sliding, TiedMatrix
from .ch13 import FlippedKernel, KernelGradient, Reach
from .ch14 import Blame, Blocks, ThroughMean, places
from .ch15 import Inside, LooksAt, Moves, Readers
from .ch16 import Checkpoints, Modes, Tape
from .toolkit.break_it import BreakIt, break_it
from .toolkit.control import index, log_scale, numbered
from .toolkit.diagram import Diagram
from .toolkit.explorer import Explorer, explore
from .toolkit.passes import Passes
from .toolkit.picture import Picture

_log.setLevel(_level)

__all__ = [
    "ACTIVATIONS",
    "Answer",
    "Blame",
    "Blocks",
    "Boundary",
    "Bowl",
    "BreakIt",
    "Chain",
    "Checkpoints",
    "Colors",
    "Confusion",
    "Cost",
    "Cure",
    "Diagram",
    "Digits",
    "Downhill",
    "Drop",
    "Explorer",
    "FirstLook",
    "FlippedKernel",
    "KernelGradient",
    "Inside",
    "Learning",
    "LooksAt",
    "Maps",
    "Misread",
    "Modes",
    "Moves",
    "NudgeB",
    "NudgeW",
    "NudgeX",
    "Passes",
    "Paths",
    "Picture",
    "Reach",
    "Readers",
    "Reading",
    "RowOfW",
    "RowsStoodUp",
    "Secant",
    "Shares",
    "Shifted",
    "Slices",
    "Sliding",
    "SoftmaxJacobian",
    "Starts",
    "StepSize",
    "StillTrains",
    "Tangent",
    "Tape",
    "ThroughF",
    "TiedMatrix",
    "ThroughMean",
    "TwoLosses",
    "TwoPaths",
    "UnfoldBack",
    "UnfoldOuter",
    "UnitColumn",
    "WeightPath",
    "break_it",
    "explore",
    "index",
    "log_scale",
    "numbered",
    "places",
    "progress",
]
