"""What is claimed for each array of the point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .comparison import refused
from .structure import children, field_names
from .verdict import Verdict

MISSING = object()  # for an array of which nothing is claimed; None is a claim, though a bad one


class Refused(Exception):
    """The claim is not built like the point; `verdict` says how."""

    def __init__(self, verdict: Verdict):
        super().__init__(str(verdict))
        self.verdict = verdict


def claims_by_path(claim: Any, at: Any, path: str = "") -> dict[str, Any]:
    """The claim for each leaf of the point, by path; MISSING where there is none.

    Raises
    ------
    Refused
        If the claim has something that the point has not, or is no container where the point is one.
    """
    inside = children(at)
    if inside is None:
        return {path: claim}
    if claim is MISSING:
        given = {}
    else:
        given = _by_key(claim, at, [key for _, key, _ in inside])
    found: dict[str, Any] = {}
    for label, key, value in inside:
        found |= claims_by_path(given.get(key, MISSING), value, path + label)
    return found


def suspects_by_path(suspects: Mapping[str, Any], at: Any) -> dict[str, dict[str, Any]]:
    """{path: {name: value}}; a suspect that has nothing for an array does not explain it."""
    found: dict[str, dict[str, Any]] = {}
    for name, value in suspects.items():
        for path, one in _loosely(value, at, name).items():
            found.setdefault(path, {})[name] = one
    return found


def _loosely(value: Any, at: Any, name: str, path: str = "") -> dict[str, Any]:
    inside = children(at)
    if inside is None:
        return {path: value}
    keys = [key for _, key, _ in inside]
    if not _is_container_like(value, at):
        raise TypeError(f"suspects[{name!r}] is a {type(value).__name__}; expected arrays under the same keys as in at")
    given = _items(value, keys)
    found: dict[str, Any] = {}
    for label, key, part in inside:
        if key in given:
            found |= _loosely(given[key], part, name, path + label)
    return found


def _by_key(claim: Any, at: Any, keys: list) -> dict:
    kind = "dict" if isinstance(at, Mapping) else type(at).__name__
    expected = f"expected a {kind} with all of {keys}"
    if claim is ... or claim is None:
        came, name = ("None", "no numbers") if claim is None else ("…", "unsolved stub")
        raise Refused(refused(name, f"the claim is {came}; {expected}"))
    if not _is_container_like(claim, at):
        is_other = isinstance(claim, (Mapping, list, tuple, np.ndarray)) or field_names(claim) is not None
        raise Refused(
            refused("other arrays" if is_other else "no numbers", f"the claim is a {type(claim).__name__}; {expected}")
        )
    given = _items(claim, keys)
    by_name = isinstance(at, Mapping) or field_names(at) is not None
    missing = [key for key in keys if key not in given]
    # of a shorter list nobody knows which array is missing
    if missing and (not by_name or not set(given) & set(keys)):
        raise Refused(refused("other arrays", f"the claim has nothing for {missing[0]!r}; expected just {keys}"))
    for key in given:
        if key not in keys:
            raise Refused(refused("other arrays", f"the claim has one too many, {key!r}; expected just {keys}"))
    return given


def _is_container_like(value: Any, at: Any) -> bool:
    if isinstance(at, Mapping):
        return isinstance(value, Mapping)
    if field_names(at) is not None and (isinstance(value, Mapping) or field_names(value) is not None):
        return True
    is_row = not isinstance(value, (str, bytes, Mapping)) and (isinstance(value, (list, tuple)) or np.ndim(value) > 0)
    return is_row and (isinstance(at, (list, tuple)))


def _items(value: Any, keys: list) -> dict:
    """The things in a claim by the keys of the point."""
    if isinstance(value, Mapping):
        return dict(value)
    names = field_names(value)
    if names is not None and set(names) <= set(keys):
        return {name: getattr(value, name) for name in names}
    items = list(value)
    return dict(zip(keys, items)) | {n: item for n, item in enumerate(items) if n >= len(keys)}
