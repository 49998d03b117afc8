"""The command line of tests/bench/run, which `make bench` hands over."""

import argparse
import os
import random
from dataclasses import dataclass
from pathlib import Path

SUITES = (
    "echo",
    "pipeline",
    "large",
    "handshakes",
    "memory",
    "latency",
    "crl",
    "stats-cost",
)
KEYS = ("ecdsa-p256", "ecdsa-p384", "ed25519", "rsa-2048", "rsa-3072")


@dataclass(frozen=True)
class Settings:
    build: Path
    connections: list[int]
    active: int
    size: str
    tls: str
    rate: int
    storm: int
    late_limit: float
    pipeline: int
    duration: float
    rounds: int
    workers: int
    client_workers: int
    key: str
    peers: list[str]  # empty: all that are installed
    suites: list[str]
    seed: int
    nostats: Path
    output: Path


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0.05 <= seconds <= 3600:
        raise ValueError
    return seconds


def _numbers(text: str) -> list[int]:
    return [_positive(word) for word in text.split(",")]


def _size(text: str) -> str:
    numbers = [_positive(word) for word in text.split("-")]
    if len(numbers) > 2 or numbers != sorted(numbers) or numbers[-1] > 1 << 24:
        raise ValueError
    return text


def _words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]


def _suites(text: str) -> list[str]:
    words = _words(text)
    unknown = [word for word in words if word not in SUITES]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"'{unknown[0]}' is none of {', '.join(SUITES)}"
        )
    return words


def _parser() -> argparse.ArgumentParser:
    cores = len(os.sched_getaffinity(0))
    parser = argparse.ArgumentParser(
        prog="tests/bench/run",
        description="Measures tlsecho-server against plain TCP and against "
        "other servers, in short windows in random order.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--build", type=Path, default=Path("build/release"), metavar="DIR")
    add("--output", type=Path, default=Path("build/bench"), metavar="DIR")
    add("--suites", type=_suites, default=list(SUITES), metavar="NAME,...")
    add(
        "--peers",
        type=_words,
        default=[],
        metavar="NAME,...",
        help="instead of all that are installed; 'none': ours only",
    )
    add("--rounds", type=_positive, default=14, metavar="N")
    add("--duration", type=_seconds, default=1.0, metavar="SECONDS")
    add(
        "--connections",
        type=_numbers,
        default=[64, 1000, 10000],
        metavar="N,...",
    )
    add(
        "--active",
        type=_positive,
        default=1000,
        metavar="N",
        help="of more connections than that, so many are not idle",
    )
    add("--size", type=_size, default="1-100", metavar="MIN[-MAX]")
    add("--pipeline", type=_positive, default=16, metavar="N")
    add(
        "--rate",
        type=_positive,
        default=20000,
        metavar="N",
        help="round trips/s in open loop",
    )
    add(
        "--storm",
        type=_positive,
        default=100,
        metavar="N",
        help="handshakes/s beside them",
    )
    add(
        "--late-limit",
        type=float,
        default=1.0,
        metavar="MS",
        help="of the client's own p99 in open loop, else the window is void",
    )
    add("--tls", choices=("1.2", "1.3"), default="1.3")
    add("--key", choices=KEYS, default="ecdsa-p256")
    add(
        "--workers",
        type=_positive,
        default=2,
        metavar="N",
        help="processes or threads of every server that has workers",
    )
    add("--client-workers", type=_positive, default=cores, metavar="N")
    add("--seed", type=int, default=None, help="of the order within a round")
    add(
        "--nostats",
        type=Path,
        default=Path("build/nostats"),
        metavar="DIR",
        help="a build without counters, for the suite stats-cost",
    )
    add(
        "--render",
        type=Path,
        metavar="FILE",
        help="measure nothing: show and render a results.json again",
    )
    add("--markdown", action="store_true", help="tables as Markdown")
    return parser


@dataclass(frozen=True)
class Command:
    settings: Settings
    render: Path | None
    markdown: bool


def parse(arguments: list[str]) -> Command:
    values = vars(_parser().parse_args(arguments))
    render = values.pop("render")
    markdown = values.pop("markdown")
    if values["seed"] is None:
        values["seed"] = random.SystemRandom().randrange(1 << 31)
    return Command(Settings(**values), render, markdown)
