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
from bench.suites import COMPARED, SUITES, TABLES, is_known
from bench.terms import CIPHERS, VERSIONS

KEYS = ("ecdsa-p256", "ecdsa-p384", "ed25519", "rsa-2048", "rsa-3072")
# What our programs take.
PIPELINE_MAX = 1024
RATE_MAX = 100_000_000
WORKERS_MAX = 64


def _peers(text: str) -> list[str]:
    words = argument.names((*peers.FOREIGN, "all", "none"))(text)
    return [] if "all" in words else words


def _suites(text: str) -> list[str]:
    words = text.split(",")
    for word in words:
        if not is_known(word):
            known = ", ".join((*SUITES, "echo-N", *TABLES))
            raise argparse.ArgumentTypeError(f"'{word}' is none of {known}")
    return words


CORES = min(len(os.sched_getaffinity(0)), WORKERS_MAX)

# By name: what reads it, the default (read likewise), its word and its help.
OPTIONS: dict[str, tuple[Callable[[str], object], str, str, str]] = {
    "--build": (
        Path,
        "build/release",
        "DIR",
        "where the programs to measure are",
    ),
    "--base": (
        argument.build,
        argparse.SUPPRESS,
        "DIR",
        "a build to compare with, or a tree that has one in build/release; "
        "its server is driven by its own tlsecho-client, if that is there",
    ),
    "--output": (
        Path,
        "build/bench",
        "DIR",
        "where to write results.json and report.html",
    ),
    "--suites": (
        _suites,
        argparse.SUPPRESS,
        "NAME,...",
        f"what to measure: of {', '.join(SUITES)}; or single tables, of "
        f"echo-N, for N connections, {', '.join(TABLES)} "
        "(default: all; with --base those that two builds are compared by)",
    ),
    "--peers": (
        _peers,
        argparse.SUPPRESS,
        "NAME,...",
        f"of {', '.join(peers.FOREIGN)}; 'all' that are installed; "
        "or 'none' but ours (default: all; with --base none)",
    ),
    "--rounds": (
        argument.whole(1000),
        "14",
        "N",
        "windows for each row of a table, 1 to 1,000",
    ),
    "--duration": (
        argument.decimal(0.05, 3600, "seconds"),
        "1.0",
        "SECONDS",
        "of a window, 0.05 to 3600",
    ),
    "--connections": (
        argument.connections,
        "64,1000,10000",
        "N,...",
        "a table of the suite echo for each; others take the first; "
        f"1 to {CONNECTIONS_MAX:,}",
    ),
    "--active": (
        argument.whole(CONNECTIONS_MAX),
        "1000",
        "N",
        "of more than 2,000 connections, so many are not idle",
    ),
    "--size": (
        argument.size,
        "1-100",
        "MIN[-MAX]",
        "bytes of a message, up to 16 MiB",
    ),
    "--pipeline": (
        argument.whole(PIPELINE_MAX),
        "16",
        "N",
        "messages under way on a connection in the suite pipeline, "
        f"1 to {PIPELINE_MAX:,}",
    ),
    "--rate": (
        argument.whole(RATE_MAX),
        "20000",
        "N",
        f"round trips/s in the suite latency, 1 to {RATE_MAX:,}",
    ),
    "--storm": (
        argument.whole(RATE_MAX),
        "100",
        "N",
        f"handshakes/s beside them, 1 to {RATE_MAX:,}",
    ),
    "--late-limit": (
        argument.decimal(0.001, 60_000, "milliseconds"),
        "1.0",
        "MS",
        "of the client's own p99 lateness in the suite latency, else the "
        "window is void; 0.001 to 60,000",
    ),
    "--tls": (
        argument.choice(VERSIONS),
        "1.3",
        "VERSION",
        "of the protocol, 1.2 or 1.3",
    ),
    "--cipher": (
        argument.choice(CIPHERS),
        CIPHERS[0],
        "NAME",
        f"of {', '.join(CIPHERS)}",
    ),
    "--key": (
        argument.choice(KEYS),
        KEYS[0],
        "KIND",
        f"of {', '.join(KEYS)}: of the certificates, but for suites that say "
        "which they take",
    ),
    "--workers": (
        argument.whole(WORKERS_MAX),
        "2",
        "N",
        "processes or threads of every server that has workers, "
        f"1 to {WORKERS_MAX}",
    ),
    "--client-workers": (
        argument.whole(WORKERS_MAX),
        str(CORES),
        "N",
        f"processes of the load generator, 1 to {WORKERS_MAX}",
    ),
    "--nostats": (
        Path,
        "build/nostats",
        "DIR",
        "a build without counters, for the suite stats-cost",
    ),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tests/bench/run",
        description="Measures tlsecho-server against plain TCP and against "
        "other servers, in short windows in random order.",
        epilog="Exit status: 0 measured; 1 something of tlsecho failed, or "
        "nothing was measured; 2 usage. That another server fails is a note.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    for name, (kind, default, word, text) in OPTIONS.items():
        parser.add_argument(
            name, type=kind, default=default, metavar=word, help=text
        )
    parser.add_argument(
        "--seed",
        type=argument.seed,
        default=argparse.SUPPRESS,
        metavar="N",
        help="of the order within a round, to have the same again",
    )
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
    base = values.setdefault("base", None)
    values.setdefault("suites", COMPARED if base else SUITES)
    values.setdefault("peers", ["none"] if base else [])
    values.setdefault("seed", random.SystemRandom().randrange(1 << 31))
    return Command(Settings(**values), render, markdown)
