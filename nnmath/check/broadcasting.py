"""A flat array that meets a column in F: numpy combines each entry with each, which nobody meant.

(N, 1) − (N,)  gives  (N, N)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .structure import children, container

Array = np.ndarray
ADDING = {"add", "subtract"}  # a product of a column and a row may be meant


class _Watched(np.ndarray):
    """An array that notes where its sums and differences broadcast a column against a flat array."""

    seen: list[tuple[tuple[int, ...], tuple[int, ...]]]

    def __array_finalize__(self, other: Any) -> None:
        self.seen = getattr(other, "seen", [])

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        plain = [_plain(value) for value in inputs]
        if "out" in options:
            options["out"] = tuple(_plain(value) for value in options["out"])
        if method == "__call__" and ufunc.__name__ in ADDING:
            shapes = [np.shape(value) for value in plain]
            for column, flat in (shapes, shapes[::-1]):
                if len(flat) == 1 and len(column) == 2 and column == (*flat, 1) and flat[0] > 1:
                    self.seen.append((column, flat))
        value = getattr(ufunc, method)(*plain, **options)
        return self._watched(value)

    def _watched(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(self._watched, value))
        if type(value) is not np.ndarray:
            return value
        watched = value.view(_Watched)
        watched.seen = self.seen
        return watched


def _plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, _Watched) else value


def broadcast_in(F: Callable, at: Any) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The shapes of a column and a flat array that F adds or subtracts, if it does so."""
    seen: list = []
    try:
        F(_watching(at, seen))
    except Exception:  # F may not take such an array; then nothing is known
        return None
    return seen[0] if seen else None


def _watching(at: Any, seen: list) -> Any:
    inside = children(at)
    if inside is not None:
        return container(at, [key for _, key, _ in inside], [_watching(value, seen) for _, _, value in inside])
    if type(at) is not np.ndarray or at.dtype.kind != "f":
        return at
    watched = at.copy().view(_Watched)
    watched.seen = seen
    return watched
