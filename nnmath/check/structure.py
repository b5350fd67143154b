"""The point as the caller gave it: arrays in dicts, lists, tuples, or dataclasses, and the same again with other
numbers."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from .finite_difference import as_array

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Leaf:
    """What is no container: an array of parameters, or a setting such as a name. `path` is how Python code would
    reach it."""

    path: str
    value: Any

    @property
    def is_setting(self) -> bool:
        """Whether it is no parameter, unless the claim has a gradient for it: a word, a truth value, a whole number,
        None."""
        return self.value is None or isinstance(self.value, (str, bytes, bool, int)) or callable(self.value)


def leaves(at: Any, path: str = "") -> Iterator[Leaf]:
    """The leaves in their order."""
    inside = children(at)
    if inside is None:
        yield Leaf(path, at)
    else:
        for label, _, value in inside:
            yield from leaves(value, path + label)


def children(at: Any) -> list[tuple[str, Any, Any]] | None:
    """(label, key, value) of each thing that a container holds; None for a leaf."""
    if isinstance(at, Mapping):
        return [(f"[{key!r}]", key, value) for key, value in at.items()]
    names = field_names(at)
    if names is not None:
        return [(f".{name}", name, getattr(at, name)) for name in names]
    if isinstance(at, (list, tuple)) and not is_plain(at):
        return [(f"[{n}]", n, value) for n, value in enumerate(at)]
    return None


def field_names(at: Any) -> list[str] | None:
    """The names of a NamedTuple's or a dataclass's fields."""
    if isinstance(at, tuple) and hasattr(at, "_fields"):
        return list(at._fields)
    if is_dataclass(at) and not isinstance(at, type):
        return [field.name for field in fields(at) if field.init]
    return None


def is_plain(numbers: Any) -> bool:
    """Whether these are numbers, or equally long lists of such: an array written as a list."""
    if not isinstance(numbers, (list, tuple)):
        return isinstance(numbers, (int, float))
    lengths = {len(row) if isinstance(row, (list, tuple)) else None for row in numbers}
    return len(lengths) == 1 and all(is_plain(row) for row in numbers)


def snapshot(value: Any) -> Any:
    """A copy of a claim, because F may write into the arrays that were claimed, as torch does into .grad."""
    inside = children(value)
    try:
        if inside is not None:
            return container(value, [key for _, key, _ in inside], [snapshot(part) for _, _, part in inside])
        if hasattr(value, "detach"):
            return value.detach().clone()
        return copy.deepcopy(value) if isinstance(value, (np.ndarray, list, tuple)) else value
    except Exception:  # a claim may be anything, and what it is will be told by the comparison
        return value


def rebuilt(at: Any, arrays: Mapping[str, Array], as_given: bool = True, path: str = "") -> Any:
    """A copy of the point with other arrays in some places, of the same types all through.

    Parameters
    ----------
    at
        The point.
    arrays
        The arrays by path; every other one is copied, because F may write into what it is given.
    as_given
        Whether a number or a list of numbers stays one, or becomes an array.
    """
    inside = children(at)
    if inside is None:
        if path in arrays:
            return _like(at, arrays[path].copy(), as_given)
        return _like(at, as_array(at).copy(), as_given) if _holds_numbers(at) else copy.copy(at)
    values = [rebuilt(value, arrays, as_given, path + label) for label, _, value in inside]
    return container(at, [key for _, key, _ in inside], values)


def _holds_numbers(leaf: Any) -> bool:
    return not Leaf("", leaf).is_setting


def container(at: Any, keys: list, values: list) -> Any:
    kind: Any = type(at)
    if isinstance(at, Mapping):
        items = dict(zip(keys, values))
        try:
            return items if kind is dict else kind(items)
        except TypeError:  # a defaultdict, say, wants more than the items
            other: Any = copy.copy(at)
            other.update(items)
            return other
    if is_dataclass(kind):
        return replace(at, **dict(zip(keys, values)))
    return kind(*values) if hasattr(at, "_fields") else kind(values)


def _like(given: Any, array: Array, as_given: bool) -> Any:
    """The array in the type that was given."""
    if isinstance(given, np.ndarray):
        return array.view(type(given)) if not isinstance(given, np.ma.MaskedArray) else array
    if hasattr(given, "detach"):  # a torch tensor makes others of its own dtype, on its own device
        return given.detach().new_tensor(array)
    if type(given).__module__.partition(".")[0] in ("jax", "jaxlib"):
        return sys.modules["jax"].numpy.asarray(array, dtype=given.dtype)
    return _as_plain(given, array) if as_given and is_plain(given) else array


def _as_plain(given: Any, array: Array) -> Any:
    """Floats in the lists and tuples that were given."""
    if not isinstance(given, (list, tuple)):
        return float(array)
    return type(given)(_as_plain(part, row) for part, row in zip(given, array))


def form_for(F: Callable, at: Any) -> bool:
    """Whether F takes numbers and lists of numbers as they were given (True) or as arrays (False).

    Raises
    ------
    ValueError
        If it takes both and gives two results, because `2 * a` is something else for a list than for an array.
    """
    if not any(is_plain(leaf.value) and not leaf.is_setting for leaf in leaves(at)):
        return True
    results = {}
    error: Exception = ValueError("F gave nothing")
    for as_given in (True, False):
        try:
            results[as_given] = as_array(F(rebuilt(at, {}, as_given)))
        except Exception as raised:  # F is the caller's, and may raise anything for a type it was not made for
            error = raised
    if not results:
        raise error
    if len(results) == 2 and not _equal(*results.values()):
        raise ValueError(
            f"F gives {results[True]} for the numbers as a list and {results[False]} for an array; expected the point "
            "in the type that F is made for, such as np.array(…)"
        )
    return next(iter(results))


def _equal(a: Array, b: Array) -> bool:
    if a.shape != b.shape or a.dtype.kind not in "fiub" or b.dtype.kind not in "fiub":
        return a.shape == b.shape
    return bool(np.allclose(a, b, rtol=1e-9, atol=0, equal_nan=True))
