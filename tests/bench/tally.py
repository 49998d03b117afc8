"""What clients say of their load, beside what their server has counted."""

from collections.abc import Mapping, Sequence
from typing import Any

from bench.program import Failed

TURN_MAX = 64 << 10  # bytes: what a worker sends between two counts
ENDS = ("lost", "failed", "cut_off", "unanswered")


def compare(
    grown: Mapping[str, int], reports: Sequence[Mapping[str, Any]]
) -> dict[str, int]:
    """
    What was lost, what workers had that were killed, and bytes that came back;
    fails if killed workers do not explain the rest.
    """
    for report in reports:
        if report["mismatch"] is not None:
            raise Failed(f"a wrong byte: {report['mismatch']}")
    connections = [report["connections"] for report in reports]
    lost = sum(each[end] for each in connections for end in ENDS)
    begun = sum(each["made"] + each["failed"] for each in connections)
    # A worker may be killed between accept(2) and counting that.
    unseen = begun - grown["accepted"]
    died = grown["ended_worker_died"] + max(0, unseen)
    if unseen != 0 and grown["workers_killed"] == 0:
        raise Failed(f"accepted {-unseen} more than clients have begun")
    if lost > died:
        first = [report["first_failure"] for report in reports]
        raise Failed(
            f"{lost} connections lost, but only {died} were of killed "
            f"workers: {first}"
        )
    echoed = _compare_bytes(grown, reports, died)
    return {"lost": lost, "died": died, "bytes": echoed}


def _compare_bytes(
    grown: Mapping[str, int], reports: Sequence[Mapping[str, Any]], died: int
) -> int:
    """
    All the same; a killed worker got less than was sent, and may have sent what
    it has not counted any more.
    """
    sent = sum(report["traffic"]["bytes_sent"] for report in reports)
    echoed: int = sum(report["traffic"]["bytes_received"] for report in reports)
    missed = sent - grown["bytes_received"]
    uncounted = echoed - grown["bytes_sent"]
    if missed < 0 or uncounted > died * TURN_MAX:
        raise Failed(f"{-missed} and {uncounted} bytes are uncounted")
    if died == 0 and (missed, uncounted) != (0, 0):
        raise Failed(f"{missed} and {-uncounted} bytes are too many")
    return echoed
