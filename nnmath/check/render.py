"""Verdicts in words: one list of sentences, shown as text in a terminal and as HTML in a notebook.

Both are made from the same lines, so neither can say more than the other.
"""

import re
from collections.abc import Iterable
from typing import Any

# `verdict` imports this module, so the verdicts here have no type of their own: Any or NetworkVerdict, and Diagnosis.

# Mid-tones: each color has a contrast of at least 4 : 1 on white and on JupyterLab's dark background, #111.
SIGNS = {
    "agrees": ("✓", "#0B8B4B"),
    "nearly agrees": ("≈", "#71810A"),
    "disagrees": ("✗", "#DF3854"),
    "inconclusive": ("?", "#AE6909"),
    "not differentiable": ("∧", "#8F63CB"),
    "not answered yet": ("…", "#797979"),
}
# A path of one key that is a word or a phrase, 'W', 'layer 1', or '0.weight', and a path that begins with a name.
_PHRASE = re.compile(r"\['(?=[^']*[^\W\d_])(\w+(?:[ ./:-]\w+)*)'\]")
_NAME = re.compile(r"(?:\['([^\W\d]\w*)'\]|\.(\w+))(.*)", re.DOTALL)


def text(verdict: Any, with_tag: bool = True) -> str:
    """The verdict in words; each line but the first is indented."""
    first, *others = lines(verdict, with_tag)
    return "\n".join([first, *(f"  {line}" for line in others)])


def html(verdict: Any) -> str:
    """The same lines, escaped, with the kind in bold and its sign and color beside it."""
    first, *others = (_escape(line) for line in lines(verdict))
    sign, color = SIGNS[verdict.kind]
    first = first.replace(verdict.kind, f"<b>{verdict.kind}</b>", 1)
    items = "".join(f"<li>{line}</li>" for line in others)
    below = f'<ul style="margin:0; text-align:left">{items}</ul>' if others else ""
    return (
        f'<div style="border-left:4px solid {color}; padding:2px 10px">'
        f'<span style="color:{color}; font-weight:bold">{sign}</span> {first}{below}</div>'
    )


def lines(verdict: Any, with_tag: bool = True) -> list[str]:
    """All that a verdict says. The first line is the verdict; a network has one more for each array."""
    if hasattr(verdict, "of"):
        return [_network_summary(verdict), *_network_lines(verdict)]
    tag = f"({verdict.tag}) " if with_tag and verdict.tag else ""
    return [tag + (_of_several(verdict) if verdict.arrays else _sentence(verdict))]


def entry(index: Iterable[int]) -> str:
    """An entry's name, counted from 0 as in code: "entry [0, 2]"."""
    index = tuple(index)
    return f"entry [{', '.join(str(int(i)) for i in index)}]" if index else "the one entry"


def count(number: int, noun: str = "entry", plural: str = "entries") -> str:
    """1 entry, 2 entries."""
    return f"{number:,} {noun if number == 1 else plural}"


def joined(words: list[str]) -> str:
    """ "a", "a and b", or "a, b, and c"."""
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])}, and {words[-1]}"


def number(value: float, form: str = ".4g") -> str:
    """A number for people to read, with a minus sign in place of the hyphen."""
    return format(value, form).replace("-", "−")


def place(path: str) -> str:
    """An array of the point in prose: its key, and as much of Python as is needed to find it

    ['layer 1'] is "layer 1", ['W'][1] is "W[1]", .W is "W". A path that begins with an index, or with a phrase that
    more steps follow, stays Python: [0] is "array [0]", ['layer 1']['W'] is "array ['layer 1']['W']".
    """
    if phrase := _PHRASE.fullmatch(path):
        return phrase[1]
    if name := _NAME.fullmatch(path):
        return (name[1] or name[2]) + name[3]
    return f"array {path}" if path.startswith("[") else path


# One array ----------------------------------------------------------------------------------------------------------


def _sentence(verdict: Any) -> str:
    """The verdict on one array."""
    where = f" in {place(verdict.path)}" if verdict.path else ""
    reasons = [_explanation(first) for first in verdict.diagnoses[:1]]
    parts = [_finding(verdict), *verdict.notes, *reasons]
    return f"{verdict.kind}{where}: " + _join(parts)


def _finding(verdict: Any) -> str:
    """What the comparison gave, before notes and reasons."""
    if verdict.kind == "agrees":
        return _compared(verdict) + (f", to {verdict.digits} digits" if verdict.digits else "")
    if verdict.worst is None:
        return verdict.problem
    claimed, measured = (number(value) for value in (verdict.worst.claimed, verdict.worst.measured))
    apart = abs(verdict.worst.claimed - verdict.worst.measured)
    close = f" (they differ by {number(apart, '.0e')})" if claimed == measured else ""
    link = "and" if claimed == measured else "but"
    said = f"at {entry(verdict.worst.index)} you claim {claimed}, {link} the referee measures {measured}{close}"
    if verdict.entries > 1:
        said += f"; {verdict.differing:,} of {_compared(verdict)} differ{'s' * (verdict.differing == 1)}"
    if verdict.miss is not None:
        said += f", by at most {number(verdict.miss, '.0e')} of the largest entry"
    return _join([_ended(said), verdict.problem])


def _compared(verdict: Any) -> str:
    sampled = f" sampled from {verdict.entries:,}" if verdict.compared < verdict.entries else ""
    return count(verdict.compared) + sampled


def _explanation(diagnosis: Any) -> str:
    also = " and ".join(f"“{name}”" for name in diagnosis.same_numbers)
    return _join([diagnosis.seen, diagnosis.cause, f"Here {also} would give the same numbers." if also else ""])


def _join(sentences: Iterable[str]) -> str:
    """Sentences in a row, with a full stop between them; a single one keeps the end that it has."""
    parts = [sentence.strip() for sentence in sentences if sentence.strip()]
    return " ".join([_ended(part) for part in parts[:-1]] + parts[-1:])


def _ended(sentence: str) -> str:
    return sentence if sentence.rstrip("”").endswith((".", "?", "!")) else f"{sentence}."


# Several arrays -----------------------------------------------------------------------------------------------------


def _of_several(verdict: Any) -> str:
    """The worst array in full, then every other one under its kind."""
    arrays = verdict.arrays
    if verdict.kind == "agrees":
        found = f"{_compared(verdict)} in {count(len(arrays), 'array', 'arrays')}, to {verdict.digits} digits"
        return "agrees: " + _join([found, *verdict.notes])
    speaker = next(one for one in arrays if one.kind == verdict.kind and one.path == verdict.path)
    groups = _groups([one for one in arrays if one is not speaker], speaker)
    return _join([_sentence(speaker), *verdict.notes, f"({'; '.join(groups)}.)" if groups else ""])


def _groups(others: list, speaker: Any) -> list[str]:
    """The other arrays by kind, those of the speaker's own kind first."""
    kinds = [speaker.kind, *(kind for kind in SIGNS if kind != speaker.kind)]
    found = {kind: [_listed(one, speaker) for one in others if one.kind == kind] for kind in kinds}
    groups = [
        f"{'also ' if kind == speaker.kind else ''}{kind}: {', '.join(names)}" for kind, names in found.items() if names
    ]
    return [group[0].upper() + group[1:] for group in groups[:1]] + groups[1:]


def _listed(verdict: Any, speaker: Any) -> str:
    """An array, with the name of its own reason where that is another one than the speaker's."""
    reason, name = verdict.reasons[:1], place(verdict.path)
    name = verdict.path if name == f"array {verdict.path}" else name  # "agrees: [0], [1]" needs no word between
    return f"{name} (“{reason[0]}”)" if reason and reason != speaker.reasons[:1] else name


# A network ----------------------------------------------------------------------------------------------------------

VERBS = {
    "agrees": ("agrees", "agree"),
    "nearly agrees": ("nearly agrees", "nearly agree"),
    "disagrees": ("disagrees", "disagree"),
    "inconclusive": ("is inconclusive", "are inconclusive"),
    "not differentiable": ("is not differentiable", "are not differentiable"),
}
NUMBERS = {2: "Two", 3: "Three", 4: "Four"}
ORDER = {2: ("first", "second"), 3: ("first", "second", "third"), 4: ("first", "second", "third", "fourth")}


def _network_summary(verdict: Any) -> str:
    """The whole network in one line: how many gradients are of this kind, and what explains them."""
    there = list(verdict.of.values())
    those = [key for key, one in verdict.of.items() if one.kind == verdict.kind]
    gradients = count(len(there), "gradient", "gradients")
    if verdict.kind == "agrees":
        return "agrees: " + _join([f"all {gradients}, {_together(there)}", *verdict.notes])
    said = f"{len(those)} of {gradients}."
    if verdict.kind == "disagrees" and not verdict.whole and len(those) > 1:
        said += f" Look first at {_name(those[0])}, the one nearest to the output."
    return f"{verdict.kind}: " + _join([said, *verdict.notes, *_whole_explanation(verdict)])


def _whole_explanation(verdict: Any) -> list[str]:
    """The sentences about the mistakes that explain all gradients together."""
    if not verdict.whole:
        return []
    them = "all of them" if sum(one.kind == verdict.kind for one in verdict.of.values()) > 1 else "it"
    if len(verdict.diagnoses) == 1:
        return [f"One mistake explains {them}: “{verdict.diagnoses[0].name}.”", _explanation(verdict.diagnoses[0])]
    number = len(verdict.diagnoses)
    parts = [f"{NUMBERS[number]} mistakes together explain {them}."]
    for nth, diagnosis in zip(ORDER[number], verdict.diagnoses):
        parts += [f"The {nth} is “{diagnosis.name}.”", _explanation(diagnosis)]
    return parts


def _network_lines(verdict: Any) -> list[str]:
    """The arrays in groups of one kind and one reason, each group with the numbers of its first array."""
    if verdict.kind == "agrees":
        return []
    groups: dict[tuple, list] = {}
    for key, one in verdict.of.items():
        groups.setdefault((one.kind, one.reasons[:1], one.problem if one.worst is None else ""), []).append((key, one))
    kinds = ["disagrees", "not differentiable", "nearly agrees", "inconclusive", "agrees"]
    ordered = sorted(groups.items(), key=lambda group: kinds.index(group[0][0]))
    return [_group_line(kind, members) for (kind, _, _), members in ordered]


def _group_line(kind: str, members: list) -> str:
    (key, first), are_many = members[0], len(members) > 1
    names = ", ".join(_name(key) for key, _ in members)
    if kind == "agrees":
        found = _together([one for _, one in members])
    else:
        reasons = [_explanation(diagnosis) for diagnosis in first.diagnoses[:1]]
        where = f"in {_name(key)} " if are_many and first.worst else ""
        found = where + _join([_finding(first), *first.notes, *reasons])
    return f"{names} {VERBS[kind][are_many]}: {found}"


def _together(verdicts: list) -> str:
    """How many entries of some agreeing arrays were compared, and to how many digits they agree at least."""
    compared, entries = sum(one.compared for one in verdicts), sum(one.entries for one in verdicts)
    sampled = f" sampled from {entries:,}" if compared < entries else ""
    digits = min((one.digits for one in verdicts if one.digits), default=None)
    return count(compared) + sampled + (f", to {digits} digits" if digits else "")


def _name(key: tuple[str, int]) -> str:
    return f"{key[0]}[{key[1]}]"


def _escape(line: str) -> str:
    """The line for HTML. Importing `html` for this would take a sixth of the time that importing nnmath takes."""
    for character, code in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;")):
        line = line.replace(character, code)
    return line
