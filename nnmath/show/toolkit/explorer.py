"""A picture with its controls, in a notebook.

The controls are in explorer.js, an ES module that asks for the picture of each state. In a notebook, anywidget carries
the module to the page and the kernel draws the states. On the published site the same module reads them from files.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import uuid4

import anywidget
import traitlets
from IPython.display import display, update_display

from .control import control, require_names
from .picture import Picture, marked
from .rerun import close_earlier

HERE = Path(__file__).parent
TAIL = 64  # characters of base64 that hold the mark at the end of a PNG


def explore(
    picture: Picture,
    stored: Mapping | None = None,
    play: str | None = None,
    labels: Mapping[str, str] | None = None,
    **controls: Sequence,
) -> "Explorer":
    """Give a picture its controls: explore(picture, k=(0, 3), h=(0.0, 1.0, 0.01), mistake=["correct", "sign"])

    (low, high) or (low, high, step) is a slider, a list of (label, value) a slider over these values, and a list of
    words a list to choose from, with a button for the next one. Each control starts at the picture's own value.

    Parameters
    ----------
    picture
        The picture to move.
    stored
        The state whose picture the notebook file keeps, for readers who have not run it yet: {"k": 2}. Values that are
        not named are those of the start.
    play
        The name of the slider that gets a play button.
    labels
        The words shown beside the controls: {"x_1": "x₁"}.
    controls
        The values of each control.

    Raises
    ------
    TypeError
        If a name belongs to no value of the picture, or to none of the controls.
    ValueError
        If a control cannot show the value at which it starts or is stored.
    """
    stored, labels = {} if stored is None else stored, labels or {}
    require_names(stored, play, labels, controls)
    return Explorer(
        picture, stored, play, [control(name, options, labels.get(name)) for name, options in controls.items()]
    )


class Explorer(anywidget.AnyWidget):
    """A picture with its controls. Without a kernel it is the stored picture with its alternative text."""

    _esm = HERE / "explorer.js"
    _css = HERE / "explorer.css"
    spec = traitlets.Dict().tag(sync=True)

    def __init__(self, picture, stored, play, controls):
        self.picture, self.controls = picture, {one.name: one for one in controls}
        start = dict(picture.values)
        picture.require(self.controls)
        self.start = [one.position(start[one.name], "starts at") for one in controls]
        self.stored = [
            one.position(stored[one.name], "is stored at") if one.name in stored else n
            for one, n in zip(controls, self.start, strict=True)
        ]
        self._stored = picture.update(**stored)._repr_mimebundle_()
        picture.update(**start)
        self._kept = marked(self._stored, uuid4().hex)
        width, height = picture.css_size
        super().__init__(
            spec={
                "controls": [
                    {"label": one.label, "kind": one.kind, "texts": one.texts, "play": one.name == play}
                    for one in controls
                ],
                "start": self.start,
                "first": self.frame(self.start),
                "width": width,
                "height": height,
                "caption": picture.caption,
                "tail": self._kept[0]["image/png"][-TAIL:],
            }
        )
        self.on_msg(self._answer)
        close_earlier(self)

    def frame(self, state: Sequence[int]) -> dict[str, str]:
        """The picture of a state, {"src": …, "alt": …}. A state is a position for each control, in their order."""
        self.picture.update(**{one.name: one.values[n] for one, n in zip(self.controls.values(), state, strict=True)})
        return {
            "src": f"data:image/png;base64,{b64encode(self.picture.png(live=True)).decode()}",
            "alt": self.picture.alt,
        }

    def close(self):
        """Take the controls out of the page and let go of the picture."""
        super().close()
        self.picture, self._stored, self._kept = None, ({}, {}), ({}, {})

    def _answer(self, _, message, __):
        if "show" in message:
            try:
                self.send({"state": message["show"], **self.frame(message["show"])})
            except Exception as error:
                self.send({"state": message["show"], "error": f"{type(error).__name__}: {error}"})
                raise
        elif "keep" in message and self.picture:  # from now on the notebook file needs only the picture
            update_display(self._kept[0], metadata=self._kept[1], raw=True, display_id=self.model_id)

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {**data, **self._stored[0]}, {**metadata, **self._stored[1]}

    def _ipython_display_(self, **kwargs):
        data, metadata = self._repr_mimebundle_()
        display(data, metadata=metadata, raw=True, display_id=self.model_id)
