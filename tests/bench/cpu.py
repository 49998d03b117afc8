"""CPU time of whole sessions of processes, and of everybody else."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

NS_PER_TICK = 1_000_000_000 // os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    pid: int
    session: int
    reaped_ns: int  # CPU time of children that have ended


def parse_stat(text: str) -> Process:
    """A line of /proc/PID/stat, see proc(5); the name may hold anything."""
    pid = int(text[: text.index(" ")])
    fields = text[text.rindex(")") + 2 :].split()
    ticks = int(fields[13]) + int(fields[14])
    return Process(pid, int(fields[3]), ticks * NS_PER_TICK)


def processes(proc: Path = Path("/proc")) -> list[Process]:
    found = []
    for entry in os.listdir(proc):
        if not entry.isdigit():
            continue
        try:
            text = (proc / entry / "stat").read_text(errors="replace")
            found.append(parse_stat(text))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def members(session: int) -> list[Process]:
    """A session is what a program and all that it forks belong to."""
    return [p for p in processes() if p.session == session]


def process_ns(pid: int) -> int:
    """
    Run time of all threads of a process, also of those that have ended:
    clock_getcpuclockid(3), which Python lacks, as the kernel encodes it.
    """
    try:
        return time.clock_gettime_ns((~pid << 3) | 2)
    except OSError:
        return 0  # it has just ended, and its parent has reaped it


def sessions_ns(sessions: Iterable[int]) -> dict[int, int]:
    """Exact for what lives; in clock ticks for children that have ended."""
    sums = {session: 0 for session in sessions}
    for process in processes():
        if process.session in sums:
            sums[process.session] += process_ns(process.pid) + process.reaped_ns
    return sums


def parse_busy(text: str) -> int:
    """
    Ticks of /proc/stat that processes and the hypervisor took: user, nice,
    system, steal. Interrupts are left out, since a run causes its own.
    """
    numbers = [int(word) for word in text.split("\n", 1)[0].split()[1:]]
    user, nice, system = numbers[:3]
    steal = numbers[7] if len(numbers) > 7 else 0
    return user + nice + system + steal


@dataclass(frozen=True)
class Reading:
    """All clocks, at one moment."""

    time_ns: int
    sessions: dict[int, int]
    own_ns: int
    busy_ns: int


def read(sessions: Iterable[int]) -> Reading:
    busy = parse_busy(Path("/proc/stat").read_text(encoding="ascii"))
    return Reading(
        time.monotonic_ns(),
        sessions_ns(sessions),
        time.process_time_ns(),
        busy * NS_PER_TICK,
    )


def spent_ns(before: Reading, after: Reading) -> dict[int, int]:
    """By session, also of one that has begun since."""
    return {
        session: ns - before.sessions.get(session, 0)
        for session, ns in after.sessions.items()
    }


def foreign_cores(before: Reading, after: Reading) -> float:
    """Cores that were kept busy by none of the sessions, nor by us."""
    ours = after.own_ns - before.own_ns
    ours += sum(spent_ns(before, after).values())
    busy = after.busy_ns - before.busy_ns
    return (busy - ours) / (after.time_ns - before.time_ns)
