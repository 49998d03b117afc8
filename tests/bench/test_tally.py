"""What killed workers explain, and what they do not."""

import unittest
from typing import Any

from bench.program import Failed
from bench.tally import compare


def report(sent: int, got: int, made: int = 4, lost: int = 0) -> dict[str, Any]:
    return {
        "mismatch": None,
        "first_failure": None,
        "connections": {
            "made": made,
            "failed": 0,
            "lost": lost,
            "cut_off": 0,
            "unanswered": 0,
        },
        "traffic": {"bytes_sent": sent, "bytes_received": got},
    }


def grown(
    received: int, sent: int, accepted: int = 4, died: int = 0
) -> dict[str, int]:
    return {
        "accepted": accepted,
        "ended_worker_died": died,
        "workers_killed": died,
        "bytes_received": received,
        "bytes_sent": sent,
    }


class Test(unittest.TestCase):
    def test_all_the_same(self) -> None:
        told = compare(grown(50, 50, 8), [report(20, 20), report(30, 30)])
        self.assertEqual(told, {"lost": 0, "died": 0, "bytes": 50})

    def test_killed_worker(self) -> None:
        told = compare(grown(40, 40, died=2), [report(50, 45, lost=2)])
        self.assertEqual(told["lost"], 2)
        # One that was not counted yet.
        compare(grown(40, 40, accepted=3, died=1), [report(50, 40, lost=2)])

    def test_unexplained(self) -> None:
        wrong = report(9, 9) | {"mismatch": {"at": 1}}
        for counted, told in (
            (grown(9, 9), wrong),
            (grown(9, 9), report(9, 9, lost=1)),
            (grown(9, 9, died=1), report(9, 9, lost=2)),
            (grown(9, 9, accepted=5), report(9, 9)),
            (grown(9, 9, accepted=3), report(9, 9)),
            (grown(8, 9), report(9, 9)),
            (grown(10, 9, died=1), report(9, 9)),
            (grown(9, 8), report(9, 9)),
            (grown(9, 8, died=1), report(9, 9 + (1 << 20))),
        ):
            with self.subTest(counted=counted), self.assertRaises(Failed):
                compare(counted, [told])


if __name__ == "__main__":
    unittest.main()
