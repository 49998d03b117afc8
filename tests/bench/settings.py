"""What is to be measured, and how."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    build: Path
    base: Path | None  # a build to compare with
    connections: list[int]
    active: int
    size: str
    tls: str
    cipher: str
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
