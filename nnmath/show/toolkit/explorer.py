"""Sliders for a picture. Frames go to one Image widget, the alternative text to a line under it.

access.js does in the page what ipywidgets cannot: names for what a screen reader meets, and the arrow keys for the controls.
"""

from collections.abc import Mapping
from html import escape
from pathlib import Path

import ipywidgets
from IPython.display import display

from .style import entry

NAMES = {"eta": "η", "delta": "δ"}


def explore(picture, stored=None, play=None, labels=None, **controls):
    """Give a picture its controls: explore(picture, k=(0, 3), h=(0.0, 1.0, 0.01), mistake=["correct", "sign"])

    (low, high) or (low, high, step) is a slider, a list of (label, value) a slider over these, a list of words a
    dropdown with a button to the next. `play` names the slider that gets a play button, `labels` the words shown beside the controls.
    Each control starts at the picture's own value. `stored={"k": 2}` names the state whose picture the notebook file keeps, for
    readers who have not run it yet. Errors: TypeError for a name that the picture does not have, ValueError for a
    start or a stored value outside its control's range.

    Values that come faster than frames are dropped, the last one never: the page holds a control's next value back, a newer one
    in its place, until the kernel has drawn the one before.
    """
    return Explorer(picture, {} if stored is None else stored, play, labels or {}, controls)


def index(symbol, size):
    """The values of an index for `explore`, each written as code and page do: 0 · u₁, 1 · u₂, …"""
    return [(f"{i} · {entry(symbol, i)}", i) for i in range(size)]


def log_scale(low, high, per_decade=1):
    """Powers of ten for `explore`, from 10^low to 10^high."""
    exponents = [low + i / per_decade for i in range((high - low) * per_decade + 1)]
    return [(f"{10.0**p:.2g}", 10.0**p) for p in exponents]


class Explorer(ipywidgets.VBox):
    """A picture with its controls; stored without a kernel it is the picture and its alternative text."""

    def __init__(self, picture, stored, play, labels, controls):
        self.picture = picture
        unknown = sorted(set(controls) - set(picture.values))
        if unknown:
            raise TypeError(f"{type(picture).__name__} has no {', '.join(unknown)}; it has {', '.join(picture.values)}")
        _require_names(stored, play, labels, controls)
        self.controls = {name: _control(labels.get(name, NAMES.get(name, name)), options, picture.values[name])
                         for name, options in controls.items()}
        for name in stored.keys() & controls.keys():
            _require_within(labels.get(name, name), controls[name], stored[name], "is stored")
        self._start = dict(picture.values)
        self._stored = picture.update(**stored)._repr_mimebundle_()
        picture.update(**self._start)
        self._image = ipywidgets.Image(format="png", layout={"width": f"{picture.css_size[0]}px", "max_width": "100%"})
        self._caption = ipywidgets.HTML().add_class("nnmath-caption")
        self._show()
        for control in self.controls.values():
            control.observe(self._moved, "value")
        rows = [self._row(name, name == play) for name in self.controls]
        super().__init__([*rows, ipywidgets.HBox([self._reset_button(), ipywidgets.HTML(_ACCESS)]), self._image, self._caption])
        self.add_class("nnmath")

    def reset(self, _=None):
        """Put every control back to where it began."""
        for name, control in self.controls.items():
            control.value = self._start[name]

    def _moved(self, change):
        self.picture.update(**{name: control.value for name, control in self.controls.items()})
        self._show()

    def _show(self):
        self._image.value = self.picture.png(live=True)
        self._caption.value = (f'<div style="line-height:1.4; color:#595959; '
                               f'max-width:{self.picture.css_size[0]}px">{escape(self.picture.alt)}</div>')

    def _row(self, name, with_play):
        control = self.controls[name]
        if isinstance(control, ipywidgets.Dropdown):
            return ipywidgets.HBox([control, _next(control)])
        return ipywidgets.HBox([control, _play(control)]) if with_play else control

    def _reset_button(self):
        button = ipywidgets.Button(description="Reset", tooltip="Put every control back to where it began",
                                   layout={"width": "auto", "align_self": "flex-start"})
        button.on_click(self.reset)
        return button

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = self._stored
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {**data, "application/vnd.jupyter.widget-view+json": view}, metadata

    if hasattr(ipywidgets.VBox, "_ipython_display_"):   # ipywidgets 7, as on Colab, knows only this way
        def _ipython_display_(self, **kwargs):
            data, metadata = self._repr_mimebundle_()
            display(data, metadata=metadata, raw=True)


# access.js runs when this is shown: the animation has nothing to move, but its start is told.
_ACCESS = ('<style>@keyframes nnmath {}</style><i style="animation: nnmath 1ms" '
           f'onanimationstart="{escape(Path(__file__).with_name("access.js").read_text(encoding="utf-8"))}"></i>')
_STYLE = {"description_width": "initial"}
_WIDE = {"width": "420px", "max_width": "100%"}


def _require_names(stored, play, labels, controls):
    """Raise TypeError for arguments of `explore` that name no control."""
    if not isinstance(stored, Mapping):
        raise TypeError(f"stored is {stored!r}; expected a dict such as {{'k': 2}}")
    if play is not None and play not in controls:
        raise TypeError(f"play is {play!r}; expected one of the controls {', '.join(controls)}")
    if unknown := sorted(labels.keys() - controls.keys()):
        raise TypeError(f"labels names {', '.join(unknown)}; expected names of the controls {', '.join(controls)}")


def _require_within(label, options, value, verb):
    """Raise ValueError unless the control can show this value."""
    if isinstance(options, list):
        choices = [option[1] if isinstance(option, tuple) else option for option in options]
        if value not in choices:
            raise ValueError(f"{label} {verb} at {value!r}; expected one of {', '.join(map(repr, choices))}")
    elif not options[0] <= value <= options[1]:
        raise ValueError(f"{label} {verb} at {value}; expected a value within {options[0]} to {options[1]}")


def _control(label, options, start):
    _require_within(label, options, start, "starts")
    if isinstance(options, list) and all(isinstance(option, str) for option in options):
        kind, options = ipywidgets.Dropdown, {"options": options}
    elif isinstance(options, list):
        kind, options = ipywidgets.SelectionSlider, {"options": options}
    else:
        low, high, *step = options
        whole = all(isinstance(value, int) for value in options)
        kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
        options = {"min": low, "max": high, "step": step[0] if step else 1 if whole else (high - low) / 100}
    if hasattr(kind, "tooltip"):    # ipywidgets 8, where a slider without one has the tooltip "null"
        options["tooltip"] = label
    return kind(value=start, description=label, style=_STYLE, layout=_WIDE, **options)


def _next(control):
    """A button that goes through a list, one click an entry."""
    button = ipywidgets.Button(description="Next", tooltip=f"The next {control.description}", layout={"width": "auto"})
    button.on_click(lambda _: setattr(control, "index", (control.index + 1) % len(control.options)))
    return button


def _play(control):
    whole = isinstance(control, ipywidgets.IntSlider)
    trait = "value" if whole else "index"
    low, high = (control.min, control.max) if whole else (0, len(control.options) - 1)
    button = ipywidgets.Play(value=getattr(control, trait), min=low, max=high, interval=400)
    ipywidgets.jslink((button, "value"), (control, trait))
    return button
