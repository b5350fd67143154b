"""The forward pass of a drawn network number by number, and the backward pass: Chapters 6 and 8."""

from dataclasses import dataclass

from .diagram import NetworkPicture, bracketed, number, numbers
from .style import COLORS, INK, entry, sup


@dataclass(frozen=True)
class Stage:
    """What becomes known in one step: the "x", "u" or "δ" of layer l, "E", or at the very end "∂E/∂x" of the input."""

    kind: str
    l: int


class Passes(NetworkPicture):
    """The forward pass number by number and then, unless `forward_only`, the derivatives going back, one layer in
    each step."""

    def draw(self, net, x, y, forward_only=False):
        self.lines = 1 + max(net.sizes)
        artists = self._start(net, x, y)
        forward = [Stage(kind, l) for l in net.W for kind in ("u", "x")]
        back = [*(Stage("δ", l) for l in reversed(net.W)), Stage("∂E/∂x", 0)]
        self.stages = [Stage("x", 0), *forward, Stage("E", net.L), *([] if forward_only else back)]
        return artists

    @property
    def last(self):
        """The last step."""
        return len(self.stages) - 1

    @property
    def steps(self):
        """(first, last), for a slider."""
        return 0, self.last

    def move(self, step=0):
        for n, stage in enumerate(self.stages):
            self._write(stage, n <= step)
        stage = self.stages[step]
        self._diagram.light(*self._lit(stage))
        formula, entries = {
            "x": self._say_x,
            "u": self._say_u,
            "E": self._say_E,
            "δ": self._say_delta,
            "∂E/∂x": self._say_input,
        }[stage.kind](stage.l)
        self._diagram.say([formula, *entries])
        return f"Step {step} of {self.last}. {formula}" + (f": {'; '.join(entries)}." if entries else ".")

    def _write(self, stage, known):
        if stage.kind == "δ":
            self._write_derivatives("x", stage.l, known)
            self._write_derivatives("u", stage.l, known)
        elif stage.kind == "∂E/∂x":
            self._write_derivatives("x", stage.l, known)
        else:
            values = (
                [self._E] if stage.kind == "E" else {"x": self._trace.x, "u": self._trace.u}[stage.kind][stage.l][:, 0]
            )
            for unit, value in zip(self._diagram.layer(stage.kind, stage.l), values):
                self._diagram.value(unit, number(value) if known else "")

    def _lit(self, stage):
        """The arrows along which a stage goes and the units that it reaches, each with its color."""
        d, l, L = self._diagram, stage.l, self._net.L
        if stage.kind == "E":
            return dict.fromkeys(d.losses(), COLORS["E"]), {d.loss: COLORS["E"]}
        if stage.kind in ("δ", "∂E/∂x"):
            edges = (d.losses() if l == L else d.weights(l + 1)) + (d.activations(l) if l else [])
            return dict.fromkeys(edges, COLORS["δ"]), dict.fromkeys(d.layer("u" if l else "x", l), COLORS["δ"])
        edges = d.weights(l) if stage.kind == "u" else d.activations(l) if l else []
        color = COLORS["W"] if stage.kind == "u" else INK
        return dict.fromkeys(edges, color), dict.fromkeys(d.layer(stage.kind, l), COLORS[stage.kind])

    def _say_x(self, l):
        x = self._trace.x[l][:, 0]
        if l == 0:
            return f"the input, x⁰ = {numbers(x)}", []
        name = f"x{sup(l)} = f(u{sup(l)})" + (" = t" if l == self._net.L else "")
        return f"{name} = {numbers(x)}", [
            f"{entry(f'x{sup(l)}', i)} = f({number(u)}) = {number(x[i])}" for i, u in enumerate(self._trace.u[l][:, 0])
        ]

    def _say_u(self, l):
        W, x, u = self._net.W[l], self._trace.x[l - 1][:, 0], self._trace.u[l][:, 0]
        sums = [" + ".join(f"{bracketed(w)}·{bracketed(v)}" for w, v in zip(row, x)) for row in W]
        if self._net.b:
            sums = [f"{products} + {bracketed(c)}" for products, c in zip(sums, self._net.b[l][:, 0])]
        bias = f" + b{sup(l)}" if self._net.b else ""
        return (
            f"u{sup(l)} = W{sup(l)}·x{sup(l - 1)}{bias} = {numbers(u)}",
            [f"{entry(f'u{sup(l)}', i)} = {sums[i]} = {number(u[i])}" for i in range(len(u))],
        )

    def _say_E(self, _):
        squares = " + ".join(f"({number(t)} − {bracketed(y)})²" for t, y in zip(self._trace.t[:, 0], self._y[:, 0]))
        return f"E = ½‖t − y‖² = ½({squares}) = {number(self._E)}", []

    def _say_delta(self, l):
        delta, slope, name = self._delta[l][:, 0], self._slopes(l), f"δ{sup(l)}"
        if l == self._net.L:
            formula = f"{name} = f′(u{sup(l)}) ∘ (t − y)"
            terms = [
                f"{number(s)}·({number(t)} − {bracketed(y)})"
                for s, t, y in zip(slope, self._trace.t[:, 0], self._y[:, 0])
            ]
        else:
            formula = f"{name} = ((W{sup(l + 1)})ᵀ δ{sup(l + 1)}) ∘ f′(u{sup(l)})"
            terms = [f"({total})·{number(s)}" for total, s in zip(self._sums_over_paths(l), slope)]
        return (
            f"{formula} = {numbers(delta)}",
            [f"{entry(name, i)} = {term} = {number(delta[i])}" for i, term in enumerate(terms)],
        )

    def _say_input(self, l):
        slope = self._by_x[l][:, 0]
        return (
            f"∂E/∂x⁰ = (W¹)ᵀ δ¹ = {numbers(slope)}",
            [
                f"∂E/∂{entry('x⁰', j)} = {total} = {number(slope[j])}"
                for j, total in enumerate(self._sums_over_paths(l))
            ],
        )

    def _sums_over_paths(self, l):
        """Σ_k W_ki^{l+1} δ_k^{l+1} in numbers, for every unit i of layer l."""
        return [
            " + ".join(f"{bracketed(w)}·{bracketed(d)}" for w, d in zip(column, self._delta[l + 1][:, 0]))
            for column in self._net.W[l + 1].T
        ]
