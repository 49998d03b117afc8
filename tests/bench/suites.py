"""The suites by name, in the order in which they run."""

from collections.abc import Callable, Iterator

from bench import (
    peers,
    suite_echo,
    suite_handshakes,
    suite_latency,
    suite_memory,
)
from bench.results import Case
from bench.rig import Rig
from bench.settings import Settings

SUITES: dict[str, Callable[[Rig], Iterator[Case]]] = {
    "echo": suite_echo.echo,
    "pipeline": suite_echo.pipeline,
    "large": suite_echo.large,
    "handshakes": suite_handshakes.handshakes,
    "memory": suite_memory.memory_suite,
    "latency": suite_latency.latency,
    "crl": suite_handshakes.crl,
    "stats-cost": suite_echo.stats_cost,
}

SPARE_FILES = 500  # that a program has open beside its connections


def open_files(settings: Settings) -> int:
    """What one process may need; a proxy has two for each connection."""
    foreign = [
        p for p in peers.chosen(settings.peers) if p.program and not p.missing()
    ]
    most = 64
    if {"echo", "pipeline", "stats-cost"} & set(settings.suites):
        most = max(settings.connections)
        few = [n for n in settings.connections if n <= suite_echo.MANY]
        if foreign and few:
            most = max(most, 2 * max(few))
    if "memory" in settings.suites:
        held = [2 * p.idle_max for p in foreign]
        most = max(most, suite_memory.CONNECTIONS, *held)
    return most + SPARE_FILES
