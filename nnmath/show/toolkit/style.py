"""How the book looks and how it names things: one color for each symbol, one scale of sizes, one form of indices."""

import numpy as np
from matplotlib import style as mpl_style
from matplotlib.colors import LinearSegmentedColormap, ListedColormap, to_rgb

# Mid-tones: each has a contrast of at least 4 : 1 on white and on #111, so that a formula can be read in both themes.
INK, FAINT, PAPER = "#1A1A1A", "#6E6E6E", "#FFFFFF"
COLORS = {
    "x": "#2A82C8",
    "W": "#C75B12",
    "K": "#C75B12",  # a kernel holds the weights of its layer
    "β": "#C75B12",  # it multiplies, as a weight does
    "b": "#0F8A70",
    "u": "#8A63B8",
    "δ": "#D6397F",
    "E": INK,  # E has the text's own color
    "y": "#9A7410",
}
PLUS, MINUS = "#00838F", "#C43E3E"  # the two signs and the two classes; no symbol has these colors
PALE = "#BDBDBD"  # gray has one meaning: present, but not in focus
SMALL, NORMAL, LARGE = 9, 11, 13

_RC = {
    "font.family": ["DejaVu Sans"],
    "mathtext.fontset": "dejavusans",
    "font.size": NORMAL,
    "axes.titlesize": NORMAL,
    "axes.labelsize": NORMAL,
    "legend.fontsize": SMALL,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.edgecolor": FAINT,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "image.interpolation": "nearest",
    "axes.axisbelow": True,
}


def book_style():
    """A context in which matplotlib draws the book's way, whatever the reader's own settings."""
    return mpl_style.context(["default", _RC])


def colormap(symbol):
    """From paper at zero to the symbol's color at one. E's is lighter than its text, so that black numbers can be
    read on it."""
    return LinearSegmentedColormap.from_list(
        f"map of {symbol}", [PAPER, "#7A7A7A" if symbol == "E" else COLORS[symbol]]
    )


STRIPE = 2.0  # contrast of a cell and its stripes


def stripes_colormap(symbol):
    """The color of the stripes on a cell of each depth: a tone of the symbol's color, mixed with white or black,
    that is always darker than the cell by the same contrast. No cell has a luminance below 0.05, so there is one."""
    cells = colormap(symbol)(np.linspace(0, 1, 256))[:, :3]
    ways = LinearSegmentedColormap.from_list("", [PAPER, colormap(symbol)(1.0), "#000000"], N=1024)
    tones = ways(np.linspace(0, 1, 1024))[:, :3]
    wanted = (luminance(cells) + 0.05) / STRIPE - 0.05
    return ListedColormap(tones[np.searchsorted(-luminance(tones), -wanted)], f"stripes of {symbol}")


def luminance(colors):
    """The relative luminance of colors, red, green, and blue along the last axis, as WCAG defines it."""
    colors = np.asarray(colors)
    linear = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def signed_colormap():
    """From the color of minus over paper to the color of plus."""
    return LinearSegmentedColormap.from_list("signs", [MINUS, PAPER, PLUS])


def ink_on(color):
    """Black or white, whichever reads better on color."""
    light = luminance(to_rgb(color)) + 0.05
    return "#FFFFFF" if 1.05 / light > light / 0.05 else "#000000"


def sub(number):
    """12 → ₁₂"""
    return str(number).translate(str.maketrans("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋"))


def sup(number):
    """12 → ¹²"""
    return str(number).translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))


def entry(symbol, *indices):
    """The page's name of an entry that the code counts from 0: entry("W", 0, 2) → W₁₃, entry("u", 0) → u₁"""
    return symbol + ("" if max(indices) < 9 else ",").join(sub(i + 1) for i in indices)


def both(letter, i, symbol):
    """An index as code and page write it: both("k", 0, "u") → k = 0 · u₁"""
    return f"{letter} = {i} · {entry(symbol, i)}"


def number(value, digits=3):
    """A number in few characters: −1.25, 0.333, 2e−07, with 3 digits, no −0 and a real minus sign"""
    text = f"{value + 0.0:.{digits}g}"
    return ("0" if text == "-0" else text).replace("-", "−")


def bracketed(value, digits=3):
    """A number within a sum or a product: a negative one in brackets."""
    return number(value, digits) if value >= 0 else f"({number(value, digits)})"


def numbers(values, digits=3):
    """(1, −2, 0.5)"""
    return "(" + ", ".join(number(v, digits) for v in values) + ")"


def a_digit(digit):
    """a 5, an 8"""
    return f"{'an' if digit == 8 else 'a'} {digit}"
