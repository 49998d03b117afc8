"""One run of a load generator against a server, step by step."""

import json
import select
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import cpu
from bench.pki import Pki
from bench.program import Failed, Program, Scoped
from bench.terms import Terms

STEP_SECONDS = 120
CONNECTIONS_PER_SECOND = 200  # few: it is for how long to wait at most

VIEWER = "tlsecho-stat"
CLIENT = "tlsecho-client"
PLAIN_CLIENT = "tests/bench/plain-client"  # the same without TLS


@dataclass(frozen=True)
class Load:
    """What the client is to do."""

    connections: int
    duration: float = 1.0
    size: str = "1-100"
    pipeline: int = 1
    workers: int = 2
    extra: tuple[str, ...] = ()  # options of tlsecho-client


def command(
    client: Path, port: int, pki: Pki, terms: Terms, load: Load
) -> list[str]:
    """One of CLIENT or of PLAIN_CLIENT, which takes the same options."""
    pipeline = [f"--pipeline={load.pipeline}"] if load.pipeline > 1 else []
    return [
        str(client),
        "--quiet",
        f"--connections={load.connections}",
        f"--duration={load.duration}",
        f"--size={load.size}",
        f"--workers={min(load.workers, load.connections)}",
        f"--priority={terms.priority}",
        f"--cert={pki.client_cert}",
        f"--key={pki.client_key}",
        f"--ca={pki.ca}",
        "--connect-timeout=60s",
        "--handshake-timeout=60s",
        "--timeout=60s",
        "--json=-",
        *pipeline,
        *load.extra,
        f"127.0.0.1:{port}",
    ]


class Driver(Scoped):
    """
    A load generator that waits at each step for our word (--steps-fd). It is
    ended, and its connections with it, when its `with` block ends.
    """

    def __init__(
        self, argv: list[str], log: Path, connections: int = 0
    ) -> None:
        self.socket, theirs = socket.socketpair()
        with theirs:
            steps = f"--steps-fd={theirs.fileno()}"
            self.program = Program(
                [argv[0], steps, *argv[1:]], log, [theirs.fileno()]
            )
        self.session = self.program.session
        self.patience = STEP_SECONDS + connections / CONNECTIONS_PER_SECOND

    def stop(self) -> None:
        self.socket.close()
        self.program.stop()

    def await_step(self, word: str) -> None:
        deadline = time.monotonic() + self.patience
        line = b""
        while not line.endswith(b"\n"):
            left = max(0.0, deadline - time.monotonic())
            if not select.select([self.socket], [], [], left)[0]:
                raise self.program.failure(
                    f"not '{word}' in {self.patience:.0f} s"
                )
            byte = self.socket.recv(1)
            if not byte:
                raise self._failure(f"ended before '{word}'")
            line += byte
        if line != word.encode() + b"\n":
            raise Failed(f"{self.program.name}: {line!r} instead of '{word}'")

    def go_on(self) -> None:
        try:
            self.socket.send(b"\n")
        except BrokenPipeError:
            raise self._failure("ended early") from None

    def _failure(self, what: str) -> Failed:
        """What it says itself about its end, or else we."""
        try:
            self.report()
        except Failed as failure:
            return failure
        return self.program.failure(what)

    def report(self, allowed: tuple[int, ...] = (0,)) -> dict[str, Any]:
        """Waits for its end; what it wrote as JSON."""
        try:
            status = self.program.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            raise self.program.failure("does not end") from None
        text = self.program.output.read_text(encoding="utf-8")
        try:
            report: dict[str, Any] = json.loads(text)
        except ValueError:
            raise self.program.failure(f"exit status {status}") from None
        if status not in allowed:
            why = report.get("first_failure") or {"reason": f"status {status}"}
            raise Failed(f"{self.program.name}: {why['reason']}")
        return report | {"exit_status": status}


# tlsecho's connections rest after 5 s of silence; after 5 s more, the heap is
# trimmed.
SILENCE_SECONDS = 12


def settle(session: int, seconds: float = 5) -> None:
    """
    Until the server has come to rest: under TLS 1.3 the client is connected
    before the server has verified its certificate.
    """
    deadline = time.monotonic() + seconds
    before = cpu.sessions_ns([session])[session]
    while time.monotonic() < deadline:
        time.sleep(0.02)
        now = cpu.sessions_ns([session])[session]
        if now - before < 200_000:
            return
        before = now
