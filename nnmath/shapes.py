"""What may come in: real, finite numbers of the right shape; anything else is turned away with a reason."""

import numpy as np


def real(name, value):
    """value as a float64 array (float32 stays float32).

    Errors: TypeError for numbers that are not real; ValueError for an empty array, NaN or infinity.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} is no table of numbers; expected rows of one length") from None
    if array.dtype not in (np.float64, np.float32):
        if array.dtype.kind not in "iub":
            raise TypeError(f"{name} has dtype {array.dtype}; expected real numbers: float64, float32 or integers. "
                            f"Convert it first, for example np.asarray({name}, dtype=float)")
        array = array.astype(np.float64)
    if array.size == 0:
        raise ValueError(f"{name} is empty, shape {array.shape}; expected at least one entry")
    if not np.isfinite(array).all():
        bad = array[~np.isfinite(array)]
        raise ValueError(f"{name} holds {bad.size} entries that are NaN or infinite, the first is {bad[0]}; "
                         f"expected finite numbers")
    return array


def matrix(name, value, rows=None, columns=None):
    """value as a real matrix (rows, columns); None leaves a size open.

    Errors: those of real; ValueError for another shape, with what came, what was expected and how to mend it.
    """
    array = real(name, value)
    fits = array.ndim == 2 and rows in (None, array.shape[0]) and columns in (None, array.shape[1])
    if fits:
        return array
    wanted = f"({'any' if rows is None else rows}, {'any' if columns is None else columns})"
    raise ValueError(f"{name} has shape {array.shape}; expected {wanted}{_mend(name, array, rows, columns)}")


def _mend(name, array, rows, columns):
    if array.ndim == 1 and rows in (None, array.size) and columns != array.size:
        return f". A vector is a column here: write column({name})"
    if array.ndim == 1 and rows in (None, 1):
        return f". For a matrix of one row write {name}[np.newaxis]"
    if array.ndim == 2 and rows in (None, array.shape[1]) and columns in (None, array.shape[0]):
        return f". Its transpose would fit: {name}.T"
    return ""


def layers(name, values, expected):
    """values, a dict keyed by just the layers expected.

    Errors: TypeError if it is no dict; ValueError for a layer missing or too many.
    """
    if not isinstance(values, dict):
        raise TypeError(f"{name} is a {type(values).__name__}; expected a dict keyed by the layer l: {{1: …, 2: …}}")
    if set(values) != set(expected):
        raise ValueError(f"{name} has the layers {list(values)}; expected {list(expected)}")
    return values


def index(name, value, size, first=0):
    """value as an index into size entries, counted from first; negative ones are turned away too.

    Errors: TypeError if it is no integer; IndexError if it is out of range.
    """
    if not first <= _integer(name, value) < first + size:
        note = "" if first else " (the code counts from 0, the page from 1)"
        raise IndexError(f"{name} = {value} is out of range; expected {first} to {first + size - 1}{note}")
    return int(value)


def count(name, value):
    """value as a whole number from 1 up. Errors: TypeError if it is no integer; ValueError if it is below 1."""
    if _integer(name, value) < 1:
        raise ValueError(f"{name} is {value}; expected a whole number from 1 up")
    return int(value)


def _integer(name, value):
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} is {value!r}; expected an integer")
    return value
