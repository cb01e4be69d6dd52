"""A member's own trend as a picture: small, calm, and readable on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.domain.dates import spoken

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

#: The picture's width, in pixels; a phone shows it at a quarter of that, a desktop at under half.
WIDTH = 1280
#: What is drawn is drawn larger and then made smaller, so that lines and dots are smooth.
SHARPER = 2
WEEK = timedelta(days=7)

# One hue for all that is a value: no value is good or bad by its colour.
_CARD, _EDGE = (255, 253, 248), (224, 216, 201)
_INK, _SOFT = (36, 33, 28), (101, 94, 82)
_GRID, _TICK = (234, 227, 214), (190, 181, 163)
_LINE = (31, 93, 87)
# Measures in the finished picture's pixels.
_MARGIN, _RADIUS = 56, 40
_TITLE, _NOTE = 46, 40
_PLOT, _BELOW_TITLE, _BETWEEN, _DATES = 140, 36, 58, 112
#: The most that the words beside a range may take, and the gap before them.
_WORDS, _GAP = 380, 32
_DOT, _STROKE = 11, 7
#: Steps of a range up to which each has a line of its own.
_LEVELS = 4
#: Flat colours, and what lies between them at their edges: a quarter of the bytes.
_COLOURS = 64


@dataclass(frozen=True, slots=True)
class Row:
    """One measure, week by week, the earliest first; None is a week without an answer."""

    label: str
    values: Sequence[int | None]
    #: The range that the answers come from, and what its ends mean.
    low: int
    high: int
    low_label: str
    high_label: str
    #: The days of the first and of the last value.
    dates: tuple[date, date]


def trend_picture(rows: Sequence[Row]) -> bytes:
    """Draw measures below each other on one row of weeks, as a PNG: the same rows, the same bytes.

    Raises ValueError for nothing to draw, an empty range, or a value outside of its range.
    """
    _check(rows)
    # Here and not above: Pillow takes a while, and most runs draw nothing.
    from PIL import Image, ImageDraw

    step = _TITLE + _BELOW_TITLE + _PLOT + _BETWEEN
    height = _MARGIN + len(rows) * step - _BETWEEN + _DATES
    image = Image.new("RGBA", (WIDTH * SHARPER, height * SHARPER), (*_CARD, 0))
    pen = _Pen(ImageDraw.Draw(image))
    pen.card(height)
    words = max(pen.width(each, _NOTE) for row in rows for each in (row.low_label, row.high_label))
    right = WIDTH - _MARGIN - _GAP - min(_WORDS, words)
    first, last = min(row.dates[0] for row in rows), max(row.dates[1] for row in rows)
    ends = ((row.dates[0] - first) / WEEK + len(row.values) - 1 for row in rows)
    weeks = _Weeks(first, max(*ends, 0), right)
    for place, row in enumerate(rows):
        _draw(pen, row, weeks, _MARGIN + place * step)
    _say_when(pen, weeks, last, height - _DATES)
    small = image.reduce(SHARPER).quantize(_COLOURS, Image.Quantize.FASTOCTREE)
    out = BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Weeks:
    """Where a week stands, from the left edge to the words at the right."""

    first: date
    count: float
    #: Where the lines end and the words begin.
    right: float

    def at(self, week: float) -> float:
        """Give a week's distance from the picture's left edge."""
        left, right = _MARGIN + _DOT, self.right - _DOT
        return left + (right - left) * (week / self.count if self.count else 0.5)

    def of(self, row: Row, number: int) -> float:
        """Count the weeks from the first of all rows to a row's value."""
        return (row.dates[0] - self.first) / WEEK + number

    @property
    def dot(self) -> float:
        """How large a dot may be, so that neighbours stay apart."""
        return min(_DOT, (self.at(1) - self.at(0)) * 0.35) if self.count else _DOT


def _check(rows: Sequence[Row]) -> None:
    if not rows:
        raise ValueError("a picture needs a row")
    for row in rows:
        if row.low >= row.high:
            raise ValueError(f"the range of “{row.label}” is empty")
        if any(value is not None and not row.low <= value <= row.high for value in row.values):
            raise ValueError(f"a value of “{row.label}” is outside of its range")


def _draw(pen: "_Pen", row: Row, weeks: _Weeks, top: float) -> None:
    """Draw one measure: its name, its range in words, and its values."""
    pen.write(_MARGIN, top + _TITLE / 2, row.label, _TITLE, _INK, room=WIDTH - 2 * _MARGIN)
    top += _TITLE + _BELOW_TITLE
    levels = row.high - row.low
    for level in range(levels + 1) if levels <= _LEVELS else (0, levels):
        y = top + _PLOT * level / levels
        pen.line([(_MARGIN, y), (weeks.right, y)], _GRID, 3)
    for y, words in ((top, row.high_label), (top + _PLOT, row.low_label)):
        pen.write(weeks.right + _GAP, y, words, _NOTE, _SOFT, room=_WORDS)
    points = [
        None
        if value is None
        else (weeks.at(weeks.of(row, week)), top + _PLOT * (row.high - value) / levels)
        for week, value in enumerate(row.values)
    ]
    for before, after in pairwise(points):
        if before and after:  # a week without an answer is a gap
            pen.line([before, after], _LINE, _STROKE)
    for point in filter(None, points):
        pen.dot(point, weeks.dot)


def _say_when(pen: "_Pen", weeks: _Weeks, last: date, top: float) -> None:
    """Mark the weeks below the measures, and write the first and the last day."""
    for week in range(round(weeks.count) + 1):
        x = weeks.at(week if weeks.count else 0)
        pen.line([(x, top + 22), (x, top + 34)], _TICK, 3)
    y = top + _DATES - _MARGIN + 4
    if not weeks.count:
        pen.write(weeks.at(0), y, spoken(last), _NOTE, _SOFT, anchor="mm")
        return
    pen.write(_MARGIN, y, spoken(weeks.first), _NOTE, _SOFT)
    pen.write(weeks.right, y, spoken(last), _NOTE, _SOFT, anchor="rm")


class _Pen:
    """Draws in the finished picture's pixels on the larger one."""

    def __init__(self, draw: "ImageDraw") -> None:
        self._draw = draw
        self._fonts: dict[int, FreeTypeFont | ImageFont] = {}

    def width(self, text: str, size: int) -> float:
        """Measure a line of text."""
        return float(self._font(size).getlength(text)) / SHARPER

    def card(self, height: int) -> None:
        """Lay the card on which everything stands: it is light by day and by night."""
        box = (0, 0, WIDTH * SHARPER - 1, height * SHARPER - 1)
        self._draw.rounded_rectangle(box, _RADIUS * SHARPER, _CARD, _EDGE, 3 * SHARPER)

    def line(
        self, points: Sequence[tuple[float, float]], colour: tuple[int, int, int], width: int
    ) -> None:
        """Draw a line."""
        there = [(x * SHARPER, y * SHARPER) for x, y in points]
        self._draw.line(there, colour, width * SHARPER)

    def dot(self, centre: tuple[float, float], radius: float) -> None:
        """Draw a dot."""
        x, y = centre
        box = (x - radius, y - radius, x + radius, y + radius)
        self._draw.ellipse([side * SHARPER for side in box], _LINE)

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        colour: tuple[int, int, int],
        *,
        anchor: str = "lm",
        room: float = WIDTH,
    ) -> None:
        """Write one line at a height, smaller where there is little room, then cut short."""
        text = " ".join(text.split())
        font = self._font(size)
        for smaller in (size - 4, size - 8):
            if font.getlength(text) > room * SHARPER:
                font = self._font(smaller)
        while len(text) > 2 and font.getlength(text) > room * SHARPER:
            text = text[:-2].rstrip() + "…"
        self._draw.text((x * SHARPER, y * SHARPER), text, colour, font, anchor)

    def _font(self, size: int) -> "FreeTypeFont | ImageFont":
        if size not in self._fonts:
            from PIL import ImageFont

            self._fonts[size] = ImageFont.load_default(size * SHARPER)
        return self._fonts[size]
