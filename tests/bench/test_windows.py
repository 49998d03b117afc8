"""windows: rounds, repeats and rows that fail, without any server."""

import random
import unittest
from collections.abc import Iterator
from typing import cast

from bench import windows
from bench.program import Failed
from bench.results import DISTURBED, Case, Row
from bench.rig import Rig
from bench.windows import Sample, Subject


class FakeRig:
    """All of a Rig that rounds need."""

    def __init__(self) -> None:
        self.random = random.Random(1)

    def say(self, text: str) -> None:
        pass


def sample(foreign: float, valid: bool = True) -> Sample:
    return Sample({"us": foreign}, foreign, 0.1, valid)


def run(rounds: int, **rows: Iterator[Sample]) -> Case:
    subjects = [
        Subject(Row(name), lambda it=it: next(it))  # type: ignore[misc]
        for name, it in rows.items()
    ]
    rig = cast(Rig, FakeRig())
    return windows.run(rig, Case("s", "t", [], []), subjects, rounds)


def quiet() -> Iterator[Sample]:
    while True:
        yield sample(0.0)


def loud() -> Iterator[Sample]:
    while True:
        yield sample(0.5)


class WindowsTest(unittest.TestCase):
    def test_every_row_in_every_round(self) -> None:
        case = run(3, a=quiet(), b=quiet())
        self.assertEqual(
            sorted((w.round, w.row) for w in case.windows),
            [(n, row) for n in range(3) for row in "ab"],
        )
        self.assertEqual(case.notes, [])

    def test_order_varies(self) -> None:
        case = run(20, a=quiet(), b=quiet())
        firsts = {w.row for w in case.windows[::2]}
        self.assertEqual(firsts, {"a", "b"})

    def test_disturbed_window_is_repeated(self) -> None:
        case = run(2, a=iter([sample(0.5), sample(0.0), sample(0.05)]))
        self.assertEqual([w.tries for w in case.windows], [2, 1])
        self.assertTrue(all(w.quiet for w in case.windows))
        self.assertIn(": 1 windows;", case.notes[0].text)
        self.assertEqual(case.notes[0].kind, DISTURBED)

    def test_quietest_of_all_tries(self) -> None:
        tries = [sample(f) for f in (0.5, 0.2, 0.4, 0.3)]
        tries += [sample(0.0)] * 3
        case = run(4, a=iter(tries))
        self.assertEqual(case.windows[0].values, {"us": 0.2})
        self.assertEqual(case.windows[0].tries, windows.TRIES)
        self.assertFalse(case.windows[0].quiet)

    def test_repeats_are_bounded(self) -> None:
        case = run(10, a=loud(), b=loud())
        self.assertEqual(sum(w.tries for w in case.windows), 2 * 20)

    def test_one_round_repeats_nothing(self) -> None:
        self.assertEqual(run(1, a=loud()).windows[0].tries, 1)

    def test_invalid_is_never_taken(self) -> None:
        case = run(1, a=iter([sample(0.0, False), sample(0.5)]))
        self.assertEqual(case.windows[0].values, {"us": 0.5})
        never = [sample(0.0, False)] * windows.TRIES
        case = run(2, a=iter([*never, sample(0.0)]))
        self.assertEqual([w.round for w in case.windows], [1])
        self.assertIn(
            "a: the load generator was late, or idle", case.notes[-1].text
        )

    def test_row_that_fails_leaves_the_others(self) -> None:
        def fails() -> Iterator[Sample]:
            yield sample(0.0)
            raise Failed("it broke")

        case = run(3, a=fails(), b=quiet())
        self.assertEqual(len(case.values("a", "us")), 1)
        self.assertEqual(len(case.values("b", "us")), 3)
        self.assertEqual(case.rows[0].note, "round 2: it broke")

    def test_failures_are_those_of_ours(self) -> None:
        def fails() -> Iterator[Sample]:
            raise Failed("it broke")
            yield

        case = run(2, **{"nginx, storm": fails(), "tlsecho": fails()})
        self.assertEqual(case.failures, ["tlsecho"])
        late = [sample(0.0, False)] * 2 * windows.TRIES
        self.assertEqual(run(2, tlsecho=iter(late)).failures, ["tlsecho"])
        self.assertEqual(run(2, tlsecho=quiet()).failures, [])


if __name__ == "__main__":
    unittest.main()
