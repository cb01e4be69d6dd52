"""The trend's picture: what it shows, and what it leaves to the reader."""

import io
import subprocess
import sys
import warnings
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby, pairwise

import pytest
from PIL import Image, ImageChops

from bot.chat.picture import WIDTH, Row, trend_picture

FIRST = date(2027, 1, 4)
TEAL = (31, 93, 87)


def row(*values: int | None, label: str = "Energy", low: int = 1, high: int = 5) -> Row:
    last = FIRST + timedelta(weeks=len(values) - 1)
    return Row(label, values, low, high, "drained", "full", (FIRST, last))


def drawn(*rows: Row) -> Image.Image:
    with warnings.catch_warnings():  # Pillow's advice on palettes with see-through colours
        warnings.simplefilter("ignore")
        return Image.open(io.BytesIO(trend_picture(rows))).convert("RGBA")


def columns(picture: Image.Image) -> list[tuple[int, int, int, int] | None]:
    """Give what each column of pixels holds of the values' colour, as a box; None for nothing."""
    red, green, *_ = picture.split()
    dark = red.point(lambda part: 255 * (part < TEAL[0] + 24))
    teal = ImageChops.multiply(dark, green.point(lambda part: 255 * (part > TEAL[1] - 24)))
    return [teal.crop((x, 0, x + 1, picture.height)).getbbox() for x in range(WIDTH)]


def strokes(picture: Image.Image) -> list[int]:
    """Give the widths of what is drawn without a break, from left to right."""
    return [len(list(run)) for there, run in groupby(columns(picture), bool) if there]


def levels(picture: Image.Image) -> list[float]:
    """Give the height at which each separate dot stands, from left to right."""
    dots = [list(run) for there, run in groupby(columns(picture), bool) if there]
    middles = (dot[len(dot) // 2] for dot in dots)
    return [(box[1] + box[3]) / 2 for box in middles if box]


def test_it_is_a_small_png_and_the_same_for_the_same_rows() -> None:
    three = [row(3, 4, None, 5), row(1, 2, 3, 4, label="Meaning"), row(9, 1, 5, 5, high=9)]
    content = trend_picture(three)
    assert content.startswith(b"\x89PNG")
    assert len(content) < 40_000
    assert trend_picture(three) == content
    assert trend_picture([*three[:2], replace(three[2], values=(9, 1, 5, 4))]) != content


def test_a_week_without_an_answer_is_a_gap_and_one_alone_is_a_dot() -> None:
    (whole,) = strokes(drawn(row(3, 3, 3, 3, 3)))
    before, after = strokes(drawn(row(3, 3, None, 3, 3)))
    assert 0 < before < whole / 3
    assert abs(before - after) <= 1
    first, alone, last = strokes(drawn(row(2, None, 3, None, 5)))
    assert first == alone == last < 30
    (single,) = strokes(drawn(row(4)))
    assert single == alone
    assert strokes(drawn(row(None, None))) == []


def test_high_values_stand_high_at_equal_steps() -> None:
    heights = levels(drawn(row(1, None, 2, None, 3, None, 4, None, 5)))
    steps = [low - high for low, high in pairwise(heights)]
    assert len(heights) == 5
    assert max(steps) - min(steps) <= 1
    assert min(steps) > 10


def test_rows_share_one_row_of_weeks() -> None:
    late = replace(row(3, 3), dates=(FIRST + timedelta(weeks=2), FIRST + timedelta(weeks=3)))
    early = strokes(drawn(row(3, None, None, None), row(3, None, None, None)))
    both = strokes(drawn(row(3, None, None, None), late))
    assert len(early) == 1
    assert len(both) == 2


def test_a_year_keeps_its_dots_apart() -> None:
    assert len(strokes(drawn(row(*([3, None] * 26), 3)))) == 27


def test_long_words_stay_inside_the_card() -> None:
    wide = replace(row(3, 4, label="W" * 200), high_label="m" * 200, low_label="“<b>”\n☃" * 9)
    picture = drawn(wide)
    edge = [picture.getpixel((WIDTH - 20, y)) for y in range(60, picture.height - 60)]
    assert set(edge) == {picture.getpixel((WIDTH // 2, 20))}


def test_the_corners_let_day_and_night_through() -> None:
    picture = drawn(row(3))
    corner = picture.getpixel((0, 0))
    middle = picture.getpixel((WIDTH // 2, 20))
    assert isinstance(corner, tuple)
    assert isinstance(middle, tuple)
    assert corner[3] < 10
    assert min(middle) > 235


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "needs a row"),
        ([row(1, low=3, high=3)], "is empty"),
        ([row(6)], "outside of its range"),
        ([row(None, 0)], "outside of its range"),
    ],
)
def test_what_cannot_be_drawn_is_refused(rows: list[Row], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        trend_picture(rows)


def test_pillow_is_loaded_only_to_draw() -> None:
    code = "import sys, bot.chat.picture; print('PIL' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"
