"""The suites by name."""

from collections.abc import Callable, Iterator

from bench import suite_echo
from bench.results import Case
from bench.rig import Rig

SUITES: dict[str, Callable[[Rig], Iterator[Case]]] = {
    "echo": suite_echo.echo,
    "pipeline": suite_echo.pipeline,
    "large": suite_echo.large,
    "stats-cost": suite_echo.stats_cost,
}
