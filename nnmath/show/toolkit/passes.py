"""The forward pass of a drawn network number by number, and the way back: chapters 06 and 08."""

from .diagram import NetworkPicture, bracketed, number, numbers
from .style import COLOURS, entry, sup


class Passes(NetworkPicture):
    """The forward pass number by number, and then, unless `forward_only`, the δ's going back, one layer a step."""

    def draw(self, net, x, y, forward_only=False):
        self.lines = 1 + max(net.sizes)
        artists = self._start(net, x, y)
        up = [stage for l in net.W for stage in (("u", l), ("x", l))]
        down = [("δ", l) for l in reversed(net.W)]
        self.stages = [("x", 0), *up, ("E", net.L), *([] if forward_only else down)]
        return artists

    @property
    def steps(self):
        """(first, last), for a slider."""
        return 0, len(self.stages) - 1

    def move(self, step=0):
        known = self.stages[:step + 1]
        for kind, l in self.stages:
            self._write(kind, l, (kind, l) in known)
        kind, l = self.stages[step]
        self._diagram.light(*self._lit(kind, l))
        formula, entries = {"x": self._say_x, "u": self._say_u, "E": self._say_E, "δ": self._say_delta}[kind](l)
        self._diagram.say([formula, *entries])
        return f"Step {step} of {self.steps[1]}. {formula}" + (f": {'; '.join(entries)}." if entries else ".")

    def _write(self, kind, l, known):
        values = [self._E] if kind == "E" else {"x": self._trace.x, "u": self._trace.u, "δ": self._delta}[kind][l][:, 0]
        for i, value in enumerate(values):
            text = number(value) if known else ""
            self._diagram.write(kind, l, i, f"δ {text}" if known and kind == "δ" else text)

    def _lit(self, kind, l):
        """The edges that a stage goes along and the units that it reaches, each with its colour."""
        d, L = self._diagram, self._net.L
        through, to_E = [("f", l, i) for i in range(self._net.sizes[l])], [("E", k) for k in range(self._net.sizes[L])]
        edges = {"x": through if l else [], "u": d.weights(l) if l else [], "E": to_E,
                 "δ": through + (to_E if l == L else d.weights(l + 1))}[kind]
        units = [("E", L, 0)] if kind == "E" else d.layer("u" if kind == "δ" else kind, l)
        return dict.fromkeys(edges, COLOURS["W" if kind == "u" else kind]), dict.fromkeys(units, COLOURS[kind])

    def _say_x(self, l):
        x = self._trace.x[l][:, 0]
        if l == 0:
            return f"the input, x⁰ = {numbers(x)}", []
        name = f"x{sup(l)} = f(u{sup(l)})" + (" = t" if l == self._net.L else "")
        return f"{name} = {numbers(x)}", [f"{entry(f'x{sup(l)}', i)} = f({number(u)}) = {number(x[i])}"
                                          for i, u in enumerate(self._trace.u[l][:, 0])]

    def _say_u(self, l):
        W, b, x, u = self._net.W[l], self._net.b[l], self._trace.x[l-1][:, 0], self._trace.u[l][:, 0]
        sums = [" + ".join([*(f"{bracketed(w)}·{bracketed(v)}" for w, v in zip(row, x)), bracketed(c)]) for row, c in zip(W, b[:, 0])]
        return (f"u{sup(l)} = W{sup(l)}·x{sup(l - 1)} + b{sup(l)} = {numbers(u)}",
                [f"{entry(f'u{sup(l)}', i)} = {sums[i]} = {number(u[i])}" for i in range(len(u))])

    def _say_E(self, _):
        squares = " + ".join(f"({number(t)} − {bracketed(y)})²" for t, y in zip(self._trace.t[:, 0], self._y[:, 0]))
        return f"E = ½‖t − y‖² = ½({squares}) = {number(self._E)}", []

    def _say_delta(self, l):
        delta, slope, L = self._delta[l][:, 0], self._net.f.prime(self._trace.u[l])[:, 0], self._net.L
        if l == L:
            formula = f"δ{sup(l)} = f′(u{sup(l)}) ∘ (t − y)"
            terms = [f"{number(s)}·({number(t)} − {bracketed(y)})" for s, t, y in zip(slope, self._trace.t[:, 0], self._y[:, 0])]
        else:
            formula = f"δ{sup(l)} = ((W{sup(l + 1)})ᵀ δ{sup(l + 1)}) ∘ f′(u{sup(l)})"
            above = self._delta[l+1][:, 0]
            terms = [f"({' + '.join(f'{bracketed(w)}·{bracketed(d)}' for w, d in zip(column, above))})·{number(s)}"
                     for column, s in zip(self._net.W[l+1].T, slope)]
        return (f"{formula} = {numbers(delta)}",
                [f"{entry(f'δ{sup(l)}', i)} = {terms[i]} = {number(delta[i])}" for i in range(len(delta))])
