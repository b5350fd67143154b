"""Validation of input: real, finite numbers of the right shape. An error says what came and what was expected."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]  # float64, or float32 if float32 came in


def numbers(name: str, value: ArrayLike) -> Array:
    """value as a float64 array; float32 stays float32

    Raises
    ------
    TypeError
        If value is masked or holds no real numbers.
    ValueError
        If value is a ragged list.
    """
    if type(value) is np.ndarray and value.dtype.char in "df":
        return value
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(
            f"{name} is a masked array; expected a plain one, because its hidden entries would take part. "
            f"Write {name}.filled(0) or select the entries first"
        )
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} is no table of numbers; expected rows of one length") from None
    if array.dtype.char in "df":
        return array
    if array.dtype.kind not in "iub":
        raise TypeError(
            f"{name} has dtype {array.dtype}; expected real numbers: float64, float32, or integers. "
            f"Convert it first, for example np.asarray({name}, dtype=float)"
        )
    return array.astype(np.float64)


def real(name: str, value: ArrayLike) -> Array:
    """value as an array of real, finite numbers

    Raises
    ------
    TypeError
        For numbers that are not real.
    ValueError
        For an empty array, NaN or infinity.
    """
    array = numbers(name, value)
    if array.size == 0:
        raise ValueError(f"{name} is empty, shape {array.shape}; expected at least one entry")
    # The sum of the squares tells quickly that all is finite; of a large array BLAS would start threads for it.
    finite = array.size < 5000 and math.isfinite(np.vdot(array, array))
    if not finite and not np.isfinite(array).all():
        bad = array[~np.isfinite(array)]
        raise ValueError(
            f"{name} holds {bad.size} entries that are NaN or infinite, the first is {bad[0]}; expected finite numbers"
        )
    return array


def number(name: str, value: ArrayLike) -> float:
    """value as one finite number

    Raises
    ------
    TypeError, ValueError
        Those of `real`; ValueError for more than one number.
    """
    if type(value) is float and math.isfinite(value):
        return value
    array = real(name, value)
    if array.ndim:
        raise ValueError(f"{name} has shape {array.shape}; expected one number")
    return float(array)


def matrix(name: str, value: ArrayLike, rows: int | None = None, columns: int | None = None) -> Array:
    """value as a real matrix (rows, columns); None leaves a size open

    Raises
    ------
    TypeError, ValueError
        Those of `real`; ValueError for another shape, with advice on how to fix it.
    """
    array = real(name, value)
    if array.ndim == 2 and rows in (None, array.shape[0]) and columns in (None, array.shape[1]):
        return array
    wanted = f"({'any' if rows is None else rows}, {'any' if columns is None else columns})"
    raise ValueError(f"{name} has shape {array.shape}; expected {wanted}{_advice(name, array, rows, columns)}")


def _advice(name: str, array: Array, rows: int | None, columns: int | None) -> str:
    if array.ndim == 1 and rows in (None, array.size) and columns != array.size:
        return f". In this book a vector is a column: write nn.column({name})."
    if array.ndim == 1 and rows in (None, 1):
        return f". For a matrix with one row, write {name}[np.newaxis]."
    if array.ndim == 2 and rows in (None, array.shape[1]) and columns in (None, array.shape[0]):
        return f". Its transpose, {name}.T, would fit."
    return ""


def maps(
    name: str,
    value: ArrayLike,
    first: int | None = None,
    second: int | None = None,
    third: int | None = None,
    last: int | None = None,
) -> Array:
    """value as a real array with four axes of these sizes; None leaves a size open

    Raises
    ------
    TypeError, ValueError
        Those of `real`; ValueError for another shape.
    """
    array = real(name, value)
    if array.ndim == 4:
        m, h, w, n = array.shape
        if first in (None, m) and second in (None, h) and third in (None, w) and last in (None, n):
            return array
    wanted = ", ".join("any" if size is None else str(size) for size in (first, second, third, last))
    axes = {"K": "(maps out, maps in, rows, columns)"}.get(name, "(maps, rows, columns, examples)")
    raise ValueError(f"{name} has shape {array.shape}; expected ({wanted}), which is {axes}")


def of_shape(name: str, value: ArrayLike, shape: tuple[int, ...]) -> Array:
    """value as an array of real numbers of exactly this shape

    Raises
    ------
    TypeError, ValueError
        Those of `numbers`; ValueError for another shape.
    """
    array = numbers(name, value)
    if array.shape != shape:
        advice = f". Its transpose, {name}.T, would fit." if array.shape == shape[::-1] else ""
        raise ValueError(f"{name} has shape {array.shape}; expected {shape}{advice}")
    return array


def layers(name: str, values: Any, expected: Iterable[int] | None = None) -> dict[int, Any]:
    """values, a mapping whose keys are exactly the expected layers, as a dict

    Raises
    ------
    TypeError
        If values is not a mapping.
    ValueError
        If a layer is missing or unknown.
    """
    if not isinstance(values, Mapping):
        raise TypeError(f"{name} is a {type(values).__name__}; expected a dict keyed by the layer l: {{1: …, 2: …}}")
    if expected is not None and values.keys() != set(expected):
        raise ValueError(f"{name} has the layers {list(values)}; expected {list(expected)}")
    return dict(values)


def index(name: str, value: Any, size: int, first: int = 0) -> int:
    """value as an index into size entries, counted from first; negative ones are rejected too

    Raises
    ------
    TypeError
        If value is not an integer.
    IndexError
        If value is out of range.
    """
    if not first <= _integer(name, value) < first + size:
        note = "" if first else " (the code counts from 0, the page from 1)"
        raise IndexError(f"{name} = {value} is out of range; expected {first} to {first + size - 1}{note}")
    return int(value)


def count(name: str, value: Any, least: int = 1) -> int:
    """value as a whole number from least up

    Raises
    ------
    TypeError
        If value is not an integer.
    ValueError
        If value is below least.
    """
    if _integer(name, value) < least:
        raise ValueError(f"{name} is {value}; expected a whole number from {least} up")
    return int(value)


def generator(seed: Any) -> np.random.Generator:
    """The random numbers that belong to this seed

    Raises
    ------
    TypeError
        If numpy takes no such seed.
    """
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError):
        raise TypeError(f"seed is {seed!r}; expected a whole number from 0 up") from None


def _integer(name: str, value: Any) -> int:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} is {value!r}; expected an integer")
    return int(value)


def columns(x: Array) -> Array:
    """Pictures (c, h, w, N) as columns (c·h·w, N); a matrix stays as it is."""
    return x.reshape(-1, x.shape[-1]) if x.ndim > 2 else x
