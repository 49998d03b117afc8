"""The command line of tests/bench/run, which `make bench` hands over."""

import argparse
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import argument, peers
from bench.argument import CONNECTIONS_MAX
from bench.settings import Settings
from bench.suites import SUITES

KEYS = ("ecdsa-p256", "ecdsa-p384", "ed25519", "rsa-2048", "rsa-3072")
# What our programs take.
PIPELINE_MAX = 1024
RATE_MAX = 100_000_000
WORKERS_MAX = 64


def _peers(text: str) -> list[str]:
    words = argument.names((*peers.FOREIGN, "all", "none"))(text)
    return [] if "all" in words else words


def _add_choices(add: Callable[..., object]) -> None:
    add(
        "--build",
        type=Path,
        default=Path("build/release"),
        metavar="DIR",
        help="where the programs to measure are",
    )
    add(
        "--output",
        type=Path,
        default=Path("build/bench"),
        metavar="DIR",
        help="where to write results.json and report.html",
    )
    add(
        "--suites",
        type=argument.names(tuple(SUITES)),
        default=",".join(SUITES),
        metavar="NAME,...",
        help="what to measure",
    )
    add(
        "--peers",
        type=_peers,
        default="all",
        metavar="NAME,...",
        help=f"of {', '.join(peers.FOREIGN)}; 'all' that are installed; "
        "or 'none' but ours",
    )
    add(
        "--rounds",
        type=argument.whole(1000),
        default=14,
        metavar="N",
        help="windows for each row of a table, 1 to 1,000",
    )
    add(
        "--duration",
        type=argument.decimal(0.05, 3600, "seconds"),
        default=1.0,
        metavar="SECONDS",
        help="of a window, 0.05 to 3600",
    )
    add(
        "--seed",
        type=argument.seed,
        default=argparse.SUPPRESS,
        metavar="N",
        help="of the order within a round, to have the same again",
    )


def _add_load(add: Callable[..., object]) -> None:
    add(
        "--connections",
        type=argument.connections,
        default="64,1000,10000",
        metavar="N,...",
        help="a table of the suite echo for each; others take the first; "
        f"1 to {CONNECTIONS_MAX:,}",
    )
    add(
        "--active",
        type=argument.whole(CONNECTIONS_MAX),
        default=1000,
        metavar="N",
        help="of more than 2,000 connections, so many are not idle",
    )
    add(
        "--size",
        type=argument.size,
        default="1-100",
        metavar="MIN[-MAX]",
        help="bytes of a message, up to 16 MiB",
    )
    add(
        "--pipeline",
        type=argument.whole(PIPELINE_MAX),
        default=16,
        metavar="N",
        help="messages under way on a connection in the suite pipeline, "
        f"1 to {PIPELINE_MAX:,}",
    )
    add(
        "--rate",
        type=argument.whole(RATE_MAX),
        default=20000,
        metavar="N",
        help=f"round trips/s in the suite latency, 1 to {RATE_MAX:,}",
    )
    add(
        "--storm",
        type=argument.whole(RATE_MAX),
        default=100,
        metavar="N",
        help=f"handshakes/s beside them, 1 to {RATE_MAX:,}",
    )
    add(
        "--late-limit",
        type=argument.decimal(0.001, 60_000, "milliseconds"),
        default=1.0,
        metavar="MS",
        help="of the client's own p99 lateness in the suite latency, else the "
        "window is void; 0.001 to 60,000",
    )


def _add_servers(add: Callable[..., object]) -> None:
    cores = len(os.sched_getaffinity(0))
    add(
        "--tls",
        choices=("1.2", "1.3"),
        default="1.3",
        help="version of the protocol",
    )
    add(
        "--key",
        choices=KEYS,
        default=KEYS[0],
        help="of the certificates, but for suites that say which they take",
    )
    add(
        "--workers",
        type=argument.whole(WORKERS_MAX),
        default=2,
        metavar="N",
        help="processes or threads of every server that has workers, "
        f"1 to {WORKERS_MAX}",
    )
    add(
        "--client-workers",
        type=argument.whole(WORKERS_MAX),
        default=min(cores, WORKERS_MAX),
        metavar="N",
        help=f"processes of the load generator, 1 to {WORKERS_MAX}",
    )
    add(
        "--nostats",
        type=Path,
        default=Path("build/nostats"),
        metavar="DIR",
        help="a build without counters, for the suite stats-cost",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tests/bench/run",
        description="Measures tlsecho-server against plain TCP and against "
        "other servers, in short windows in random order.",
        epilog="Exit status: 0 measured; 1 something of tlsecho failed, or "
        "nothing was measured; 2 usage. That another server fails is a note.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    _add_choices(parser.add_argument)
    _add_load(parser.add_argument)
    _add_servers(parser.add_argument)
    parser.add_argument(
        "--render",
        type=Path,
        nargs="+",
        default=argparse.SUPPRESS,
        metavar="FILE",
        help="measure nothing: show and render results.json again, several "
        "of one machine as one",
    )
    parser.add_argument(
        "--markdown",
        action="store_true",
        default=argparse.SUPPRESS,
        help="tables as Markdown, and no report.html",
    )
    return parser


@dataclass(frozen=True)
class Command:
    settings: Settings
    render: list[Path]  # empty: measure
    markdown: bool


def parse(arguments: list[str]) -> Command:
    values = vars(_parser().parse_args(arguments))
    render = values.pop("render", [])
    markdown = values.pop("markdown", False)
    values.setdefault("seed", random.SystemRandom().randrange(1 << 31))
    return Command(Settings(**values), render, markdown)
