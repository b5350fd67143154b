"""A flat vector of parameters seen as the arrays that it was made of, so that a verdict can speak of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .finite_difference import as_array


@dataclass(frozen=True)
class Segments:
    """The names, shapes and places of the arrays in a flat vector.

    Parameters
    ----------
    shapes
        {name: shape}, or a list of shapes, in their order.
    size
        The number of entries of the vector.
    """

    shapes: Mapping[str, tuple[int, ...]] | Sequence[tuple[int, ...]]
    size: int

    def __post_init__(self) -> None:
        total = sum(int(np.prod(shape)) for shape in self._named().values())
        if total != self.size:
            raise ValueError(f"shapes has {total} entries in all; expected {self.size}, as many as the point")

    def _named(self) -> dict[Any, tuple[int, ...]]:
        pairs = self.shapes.items() if isinstance(self.shapes, Mapping) else enumerate(self.shapes)
        return {name: tuple(np.atleast_1d(shape)) for name, shape in pairs}

    def split(self, vector: Any) -> Any:
        """{name: array}; what is no vector of this size stays as it is."""
        try:
            array = as_array(vector)
        except Exception:  # the comparison will say what came
            return vector
        if array.size != self.size or array.dtype.kind not in "fiub":
            return vector
        ends = np.cumsum([int(np.prod(shape)) for shape in self._named().values()])
        parts = np.split(array.ravel(), ends[:-1])
        return {name: part.reshape(shape) for (name, shape), part in zip(self._named().items(), parts)}

    def labels(self) -> dict[str, str]:
        """{path: name and range}, such as "Theta1 (entries 0 to 10024, 25×401)"."""
        found, start = {}, 0
        for name, shape in self._named().items():
            end = start + int(np.prod(shape))
            label = name if isinstance(name, str) else f"array {name}"
            found[f"[{name!r}]"] = f"{label} (entries {start} to {end - 1}, {'×'.join(map(str, shape))})"
            start = end
        return found

    def joined(self, F: Callable, vector: Any) -> Callable:
        """F as a function of {name: array}; it still receives a vector in the shape of the one given."""
        shape = np.shape(vector)
        return lambda parts: F(np.concatenate([np.ravel(part) for part in parts.values()]).reshape(shape))
