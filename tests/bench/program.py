"""Programs in the background, each in a session of its own."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from bench import cpu

# The kernel ends it if we are killed without a chance to clean up.
DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM")
TELLING = re.compile("error|fail|alert|refus|cannot|emerg|crit", re.I)


class Failed(Exception):
    """Something that was started did not do its job; one line of words."""


class Lacks(Failed):
    """It could not be measured here, and nothing of ours is to blame."""


class Scoped:
    """What is stopped when its `with` block ends, however that ends."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def stop(self) -> None:
        raise NotImplementedError


class Program(Scoped):
    """Ended, with all that it forked, when its `with` block ends."""

    def __init__(
        self, argv: Sequence[str], log: Path, fds: Sequence[int] = ()
    ) -> None:
        self.log = log
        self.output = log.with_suffix(".out")
        self.name = os.path.basename(argv[0])
        with log.open("wb") as errors, self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*DIES_WITH_US, *argv],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                pass_fds=fds,
                start_new_session=True,
            )
        self.session = self.process.pid

    def stop(self) -> None:
        """SIGTERM to the leader; after two seconds SIGKILL to all."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(2)
            except subprocess.TimeoutExpired:
                pass
        for process in cpu.members(self.session):
            try:
                os.kill(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()

    def failure(self, what: str) -> Failed:
        """What it did not do, and its own most telling line about it."""
        text = self.log.read_text(errors="replace")
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        told = [line for line in lines if TELLING.search(line)]
        line = (told or lines or [""])[0]
        return Failed(f"{self.name}: {what}" + (f": {line}" if line else ""))

    def await_port(self, port: int, seconds: float = 10) -> None:
        """Until somebody accepts there."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    raise self.failure("did not start") from None
                if time.monotonic() > deadline:
                    raise self.failure(f"no port after {seconds} s") from None
            time.sleep(0.02)


def free_port() -> int:
    """
    Of 127.0.0.1, and below those that the kernel gives to outgoing connections,
    of which there will be tens of thousands.
    """
    for _ in range(1000):
        port = 10_000 + int.from_bytes(os.urandom(2), "big") % 20_000
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise Failed("no free port between 10000 and 30000")
