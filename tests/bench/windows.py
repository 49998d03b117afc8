"""Measuring: rounds, in each of which every row has one window."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bench import cpu, drive, peers
from bench.drive import Load
from bench.program import Failed
from bench.results import DISTURBED, Case, Row, Window
from bench.rig import Rig, Server

# A window in which others used more of a core than this is repeated.
FOREIGN_CORES = 0.05
# The clocks of /proc/stat tick.
FOREIGN_TICKS = 2
TRIES = 4


@dataclass(frozen=True)
class Sample:
    values: dict[str, float]
    foreign: float  # cores
    limit: float  # of them
    valid: bool = True  # the load generator says that it kept its promise

    @property
    def quiet(self) -> bool:
        return self.valid and self.foreign <= self.limit


@dataclass(frozen=True)
class Subject:
    """A row of a table, and how one window of it is measured."""

    row: Row
    measure: Callable[[], Sample]


def _per_echo(
    before: dict[str, int], after: dict[str, int], echoes: int
) -> dict[str, float]:
    names = {"recv": "recv_calls", "send": "send_calls", "wait": "wait_calls"}
    return {
        key: (after[name] - before[name]) / echoes
        for key, name in names.items()
    }


def sample(
    values: dict[str, float],
    before: cpu.Reading,
    after: cpu.Reading,
    valid: bool = True,
    disturbs: bool = True,
) -> Sample:
    seconds = (after.time_ns - before.time_ns) / 1e9
    ticks = FOREIGN_TICKS * cpu.NS_PER_TICK / 1e9 / seconds
    foreign = cpu.foreign_cores(before, after)
    limit = FOREIGN_CORES + ticks if disturbs else math.inf
    return Sample(values, foreign, limit, valid)


def closed_loop(rig: Rig, server: Server, load: Load) -> Sample:
    """
    Round trips of a client on connections that are open before the first clock
    is read, and stay open until the last has been.
    """
    counts = server.has_counters
    with rig.driver(server, load) as driver:
        drive.settle(server.session)
        counters = rig.counters(server) if counts else {}
        before = rig.reading()
        driver.go_on()
        driver.await_step("finished")
        after = rig.reading()
        counted = rig.counters(server) if counts else {}
        driver.go_on()
        report = driver.report()
        client = driver.session
    echoes = report["round_trips"]
    if echoes == 0:
        raise Failed("not one round trip")
    # Of few round trips, as of a machine that stood still, there is no p99.
    times = [report["round_trip"][name] for name in ("p50_ns", "p99_ns")]
    p50_us, p99_us = (math.nan if ns is None else ns / 1e3 for ns in times)
    spent = cpu.spent_ns(before, after)
    values = {
        "round_trips": float(echoes),
        "rate": echoes / report["elapsed_ns"] * 1e9,
        "server_us": spent[server.session] / echoes / 1e3,
        "client_us": spent[client] / echoes / 1e3,
        "p50_us": p50_us,
        "p99_us": p99_us,
    }
    if counts:
        values |= _per_echo(counters, counted, echoes)
    return sample(values, before, after, None not in times)


def _window(subject: Subject, number: int, repeats: int) -> Window | None:
    """
    The first quiet one of several tries, or else the quietest; tries that are
    not valid are repeated whatever repeats are left. None if none was valid.
    """
    samples: list[Sample] = []
    while len(samples) < TRIES:
        samples.append(subject.measure())
        is_valid = any(sample.valid for sample in samples)
        if samples[-1].quiet or (is_valid and len(samples) > repeats):
            break
    best = min(samples, key=lambda s: (not s.valid, s.foreign))
    if not best.valid:
        return None
    return Window(
        subject.row.name,
        number,
        best.values,
        len(samples),
        best.foreign,
        best.quiet,
    )


def _count_disturbed(case: Case) -> None:
    repeats = sum(w.tries - 1 for w in case.windows)
    loud = sum(not w.quiet for w in case.windows)
    if repeats or loud:
        case.note(
            "Repeated since others used the machine, or our client was late: "
            f"{repeats} windows; taken although others used the machine: "
            f"{loud} of {len(case.windows)}.",
            DISTURBED,
        )


def run(rig: Rig, case: Case, subjects: list[Subject], rounds: int) -> Case:
    """A row that fails keeps its windows until then; the others go on."""
    left = list(subjects)
    invalid: Counter[str] = Counter()
    # On a machine that is never quiet, repeating would not help. One round is
    # to see that it works at all.
    repeats = len(subjects) * rounds if rounds > 1 else 0
    for number in range(rounds):
        for subject in rig.random.sample(left, len(left)):
            rig.say(
                f"{case.suite}, {case.title}: round {number + 1} of {rounds}, "
                f"{subject.row.name}"
            )
            try:
                window = _window(subject, number, repeats)
            except (Failed, OSError) as failure:
                left.remove(subject)
                subject.row.note = f"round {number + 1}: {failure}"
                continue
            if window is None:
                invalid[subject.row.name] += 1
                continue
            repeats = max(0, repeats + 1 - window.tries)
            case.windows.append(window)
    rig.say("")
    done = {window.row for window in case.windows}
    case.failures += [
        subject.row.name
        for subject in subjects
        if peers.is_ours(subject.row.name)
        and (subject not in left or subject.row.name not in done)
    ]
    case.rows = [subject.row for subject in subjects]
    _count_disturbed(case)
    for name, count in sorted(invalid.items()):
        case.note(
            f"{name}: the load generator was late, or idle, in all "
            f"{TRIES} tries of {count} of {rounds} rounds."
        )
    return case
