"""The stories that touch most of the database hold on both; the rest is about words.

On the second they are told where there is time: `make long`.
"""

import pytest

BOTH = {"test_circles", "test_story", "test_checkins", "test_safety", "test_mentorships"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a story's tests on both databases."""
    if "kind" in metafunc.fixturenames and metafunc.module.__name__.split(".")[-1] in BOTH:
        second = pytest.param("postgres", marks=pytest.mark.long)
        metafunc.parametrize("kind", ["sqlite", second])
