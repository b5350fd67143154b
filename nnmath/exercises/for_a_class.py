"""For teachers: questions and keys with different numbers for every student, and one answer judged with many seeds."""

from collections.abc import Iterable

from ..check.verdict import Verdict
from .markdown import Markdown
from .registry import EXERCISES, exercise


def class_sheet(seeds: Iterable[int], tags: Iterable[str] | None = None, keys: bool = True) -> Markdown:
    """Questions with their numbers for a class, and after them the keys, as Markdown.

    Parameters
    ----------
    seeds : one seed per student or group, so that nobody can copy the numbers of another.
    tags : which exercises, such as ["3.a", "3.b"]; all of them if not given.
    keys : whether the keys follow the questions.

    Raises
    ------
    KeyError
        There is no exercise with one of these tags.
    """
    seeds, tags = list(seeds), list(EXERCISES if tags is None else tags)
    parts = []
    for seed in seeds:
        parts += [f"## Sheet {seed}", *(str(exercise(tag, seed)) for tag in tags)]
    if keys:
        for seed in seeds:
            parts += [f"## Keys to sheet {seed}", *(exercise(tag, seed).key() for tag in tags)]
    return Markdown("\n\n".join(parts))


def judge_seeds(tag: str, answer: object, seeds: Iterable[int]) -> dict[int, Verdict]:
    """The verdict on one answer for each seed, as {seed: verdict}. A right formula is right with all of them.

    Raises
    ------
    KeyError
        There is no exercise with this tag.
    """
    return {seed: exercise(tag, seed).judge(answer) for seed in seeds}
