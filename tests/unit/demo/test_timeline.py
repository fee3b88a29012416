"""The order of an export: nothing lost, nothing twice, whatever the size of a page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from connector.demo.timeline import Place, Timeline

SECONDS = st.dictionaries(st.integers(1, 60), st.integers(0, 20), max_size=40)
SIZES = st.integers(1, 10)


def timeline(seconds: dict[int, int]) -> Timeline:
    """A timeline of ids and their seconds."""
    made = Timeline()
    made.extend(seconds)
    return made


@given(SECONDS, SIZES, st.integers(0, 20))
def test_a_walk_by_place_hands_out_each_row_once_in_order(
    seconds: dict[int, int], size: int, until: int
) -> None:
    """Up to the second that was said, and it says when it has ended."""
    order, place, walked, last = timeline(seconds), (0, 0), list[Place](), False
    while not last:
        page, last = order.after(place, size, until)
        assert page or last
        walked += page
        place = page[-1] if page else place
    assert walked == sorted((second, key) for key, second in seconds.items() if second <= until)


@given(SECONDS, SIZES, st.integers(0, 20))
def test_a_walk_by_second_hands_out_each_row_once_in_order(
    seconds: dict[int, int], size: int, until: int
) -> None:
    """A page ends with its last second, so the next begins with another."""
    order, start, walked, last = timeline(seconds), 0, list[Place](), False
    while not last:
        page, last = order.whole_seconds(start, size, until)
        assert page or last
        walked += page
        start = page[-1][0] + 1 if page else start
    assert walked == sorted((second, key) for key, second in seconds.items() if second <= until)


@given(SECONDS, st.lists(st.tuples(st.integers(1, 60), st.integers(0, 20)), max_size=30))
def test_a_row_that_moves_stands_only_where_it_moved_to(
    seconds: dict[int, int], moves: list[tuple[int, int]]
) -> None:
    """Moving is the same as having been there from the start."""
    moved = timeline(seconds)
    for key, second in moves:
        moved.put(key, second)
    whole = timeline({**seconds, **dict(moves)})
    assert moved.after((0, 0), 1000, 20) == whole.after((0, 0), 1000, 20)


@given(SECONDS, st.integers(0, 21), st.data())
def test_what_is_taken_out_is_nowhere_and_the_rest_stands_as_before(
    seconds: dict[int, int], second: int, data: st.DataObject
) -> None:
    """From any second on, that second included."""
    order = timeline(seconds)
    gone = data.draw(st.lists(st.sampled_from(sorted(seconds)), unique=True)) if seconds else []
    for key in gone:
        order.drop(key)
    left = sorted((at, key) for key, at in seconds.items() if key not in gone and at >= second)
    assert order.since(second) == [key for _, key in left]


def test_few_and_many_ids_move_alike() -> None:
    """Each stands at its new second and nowhere else."""
    few, many = Timeline(), Timeline()
    for line in (few, many):
        line.extend({key: key for key in range(1000)})
    seconds = {key: 5000 - key for key in range(0, 1000, 3)}
    many.move(seconds)
    for key, second in seconds.items():
        few.move({key: second})
    assert few.after((0, 0), 2000, 9999) == many.after((0, 0), 2000, 9999)
    assert len(many.after((-1, 0), 2000, 9999)[0]) == 1000
