"""The tables that can be measured, and the suites that they belong to."""

import re
from collections.abc import Callable
from functools import partial

from bench import (
    peers,
    suite_echo,
    suite_handshakes,
    suite_latency,
    suite_memory,
    suite_viewers,
)
from bench.argument import CONNECTIONS_MAX
from bench.results import Case
from bench.rig import Rig
from bench.settings import Settings

Table = Callable[[Rig], Case]

# By name; a suite is a name, or what several begin with. Those of echo are
# echo-N, for any number of connections.
TABLES: dict[str, Table] = {
    "pipeline": suite_echo.pipeline,
    **{
        f"large-{name}": partial(suite_echo.large, name=name)
        for name in suite_echo.LARGE
    },
    **{
        f"handshakes-{key}": partial(suite_handshakes.handshakes, key=key)
        for key in suite_handshakes.KEYS
    },
    "memory": suite_memory.memory_suite,
    "latency": suite_latency.latency,
    "crl": suite_handshakes.crl,
    **{
        f"keys-{key}": partial(suite_handshakes.keys, key=key)
        for key in suite_handshakes.KEYS
    },
    "stats-cost": suite_echo.stats_cost,
    "viewers": suite_viewers.viewers,
}
SUITES = ["echo", "pipeline", "large", "handshakes"]
SUITES += ["memory", "latency", "crl", "keys", "stats-cost", "viewers"]
# What two builds are compared by.
COMPARED = ["echo-1", "echo-64", "echo-1000", "echo-10000", "pipeline"]
COMPARED += ["large-16k", "handshakes-ecdsa-p256", "memory", "latency"]

SPARE_FILES = 500  # that a program has open beside its connections


def _connections(name: str) -> int:
    """Of echo-N; 0 if it is none."""
    found = re.fullmatch("echo-([1-9][0-9]{0,6})", name)
    return int(found.group(1)) if found else 0


def is_known(word: str) -> bool:
    """As a suite or as a table."""
    is_echo = 1 <= _connections(word) <= CONNECTIONS_MAX
    return is_echo or word in SUITES or word in TABLES


def names(settings: Settings) -> list[str]:
    """Of the tables, in the order in which they are measured."""
    found = []
    for word in settings.suites:
        if word == "echo":
            found += [f"echo-{n}" for n in settings.connections]
        elif _connections(word):
            found.append(word)
        else:
            found += [t for t in TABLES if f"{t}-".startswith(f"{word}-")]
    return found


def table(name: str) -> Table:
    connections = _connections(name)
    if connections:
        return partial(suite_echo.echo, connections=connections)
    return TABLES[name]


def open_files(settings: Settings) -> int:
    """What one process may need; a proxy has two for each connection."""
    foreign = [
        p for p in peers.chosen(settings) if p.program and not p.missing()
    ]
    measured = names(settings)
    counts = [_connections(name) for name in measured]
    counts += [64, settings.connections[0]]
    if foreign:
        counts += [2 * n for n in counts if n <= suite_echo.MANY]
    if "memory" in measured:
        held = [2 * p.idle_max for p in foreign]
        counts += [suite_memory.CONNECTIONS, *held]
    return max(counts) + SPARE_FILES
