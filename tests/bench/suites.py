"""The suites by name."""

from collections.abc import Callable, Iterator

from bench import suite_echo, suite_handshakes, suite_latency, suite_memory
from bench.results import Case
from bench.rig import Rig

SUITES: dict[str, Callable[[Rig], Iterator[Case]]] = {
    "echo": suite_echo.echo,
    "pipeline": suite_echo.pipeline,
    "large": suite_echo.large,
    "handshakes": suite_handshakes.handshakes,
    "latency": suite_latency.latency,
    "crl": suite_handshakes.crl,
    "memory": suite_memory.memory_suite,
    "stats-cost": suite_echo.stats_cost,
}
