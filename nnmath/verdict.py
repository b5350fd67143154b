"""A claim held against the referee, and what came of it."""

from dataclasses import dataclass

import numpy as np

from . import finite_difference


@dataclass(frozen=True)
class Verdict:
    kind: str
    text: str
    reasons: tuple = ()

    def __repr__(self):
        return self.text


def judge(claim, F, at, suspects=None):
    reference = finite_difference.gradient(F, at)
    if claim is None or np.shape(claim) != reference.shape:
        return Verdict("disagrees", f"disagrees: shape {np.shape(claim)}, expected {reference.shape}")
    miss = np.abs(claim - reference).max()
    scale = np.abs(reference).max()
    if scale == 0 and miss == 0:
        return Verdict("says nothing", "says nothing")
    kind = "agrees" if miss <= 1e-6 * scale else "disagrees"
    return Verdict(kind, f"{kind}: {reference.size} entries")


def check(tag, claim, F, at):
    verdict = judge(claim, F, at)
    if verdict.kind != "agrees":
        raise AssertionError(f"({tag}) {verdict.text}")
    return Verdict(verdict.kind, f"({tag}) {verdict.text}")


def same(tag, left, right):
    left, right = np.asarray(left), np.asarray(right)
    ok = left.shape == right.shape and np.allclose(left, right, rtol=1e-9, atol=0)
    if not ok:
        raise AssertionError(f"({tag}) {left} is not {right}")
    return Verdict("agrees", f"({tag}) agrees: {left.size} entries")
