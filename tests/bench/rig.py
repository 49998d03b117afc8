"""The servers of a run, started once and kept, and what they stand on."""

import contextlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench import cpu, drive, peers, pki, proof
from bench.drive import Driver, Load
from bench.peers import Peer, Site
from bench.program import Failed, Program, Scoped, free_port
from bench.settings import Settings
from bench.terms import Terms

FILES = 65_536  # descriptors: a proxy has two for each connection
PROOF_SECONDS = 0.05


@dataclass(frozen=True)
class Server:
    peer: Peer
    site: Site
    program: Program
    refuses: bool  # clients without a certificate

    @property
    def session(self) -> int:
        return self.program.session

    @property
    def has_counters(self) -> bool:
        """And the viewer of the same build, which can read them."""
        viewer = self.site.build / drive.VIEWER
        return self.peer.command is peers.tlsecho and viewer.exists()


def raise_limit(needed: int) -> str:
    """Open files, for us and what we start; words if they are few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limit in (max(hard, FILES, needed), hard):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
            soft = limit
            break
        except (ValueError, OSError):
            continue
    if soft >= needed:
        return ""
    return (
        f"Only {soft} open files (ulimit -n), and a server with all "
        f"connections needs up to {needed}."
    )


class Rig(Scoped):
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.random = random.Random(settings.seed)
        self._stack = contextlib.ExitStack()
        self._servers: dict[str, Server | Failed] = {}
        self._pkis: dict[str, pki.Pki] = {}
        self._sessions: set[int] = set()
        self._count = 0

    def __enter__(self) -> Self:
        scratch = tempfile.TemporaryDirectory(prefix="tlsecho-bench.")
        self.directory = Path(self._stack.enter_context(scratch))
        # Some workers give up root and still have to get at their files.
        self.directory.chmod(0o711)
        build = self.settings.build
        self.client_help = self.ask(build / drive.CLIENT, "--help")
        self.server_help = self.ask(build / "tlsecho-server", "--help")
        return self

    def stop(self) -> None:
        self._stack.close()

    def ask(self, program: Path, *options: str) -> str:
        """What one of our programs prints."""
        done = subprocess.run(
            [str(program), *options], capture_output=True, text=True
        )
        if done.returncode != 0:
            raise Failed(done.stderr.strip())
        return done.stdout

    def client_can(self, option: str) -> bool:
        return option in self.client_help.split()

    def server_can(self, option: str) -> bool:
        return option in self.server_help.split()

    def say(self, text: str) -> None:
        """A progress line, for people only."""
        if sys.stderr.isatty():
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)

    def file(self, name: str) -> Path:
        """A new name in the scratch directory."""
        self._count += 1
        return self.directory / f"{self._count}-{name}"

    def pki(self, key: str) -> pki.Pki:
        if key not in self._pkis:
            directory = self.directory / f"ca-{key}"
            self._pkis[key] = pki.make(self.settings.build, directory, key)
        return self._pkis[key]

    def _site(self, peer: Peer, key: str, extra: tuple[str, ...]) -> Site:
        self._count += 1
        directory = self.directory / f"{self._count}-{peer.name}"
        directory.mkdir()
        base = self.settings.base if peer.name == peers.BASE else None
        needs_backend = peer.program != "" and not peer.plain
        return Site(
            build=base or self.settings.build,
            directory=directory,
            port=free_port(),
            backend=self._backend() if needs_backend else 0,
            pki=self.pki(key),
            terms=Terms(self.settings.tls, self.settings.cipher),
            workers=self.settings.workers,
            name=f"bench-{os.getpid()}-{self._count}",
            extra=extra,
        )

    def _backend(self) -> int:
        """The port of a plain-echo that proxies share."""
        return self.server(peers.peer(peers.PLAIN), label="backend").site.port

    def start(self, peer: Peer, key: str, extra: tuple[str, ...]) -> Server:
        """A new one, proved; the caller stops it."""
        missing = peer.missing()
        if missing:
            raise Failed(missing)
        site = self._site(peer, key, extra)
        command = peer.command(site)
        command[0] = peers.find(command[0]) or command[0]
        program = Program(command, self.file(f"{peer.name}.log"))
        refuses = False
        try:
            program.await_port(site.port)
            if peer.plain:
                proof.prove_plain(site.port)
            else:
                refuses = proof.prove(site.port, site.pki, site.terms.tls)
                self._prove_terms(site, peer.group)
        except BaseException as error:
            program.stop()
            if isinstance(error, (proof.NotProved, OSError)):
                raise program.failure(str(error)) from None
            raise
        self._sessions.add(program.session)
        return Server(peer, site, program, refuses)

    def _prove_terms(self, site: Site, group: str) -> None:
        """
        Asked of the load generator itself, which offers nothing else: whatever
        a server makes of its own configuration, this is what it is driven with.
        """
        load = Load(1, PROOF_SECONDS, extra=("--verbose",))
        argv = self._command(site, drive.CLIENT, load)
        with Driver(argv, self.file("proof.log")) as driver:
            driver.await_step("connected")
            driver.go_on()
            driver.await_step("finished")
            driver.go_on()
            driver.report()
            told = driver.program.log.read_text(encoding="utf-8")
        difference = site.terms.difference(told, group)
        if difference:
            raise proof.NotProved(difference)

    @contextlib.contextmanager
    def fresh(self, peer: Peer) -> Iterator[Server]:
        """A server for this block only."""
        server = self.start(peer, self.settings.key, ())
        try:
            yield server
        finally:
            server.program.stop()
            self._sessions.discard(server.session)

    def server(
        self,
        peer: Peer,
        key: str | None = None,
        extra: tuple[str, ...] = (),
        label: str = "",
    ) -> Server:
        """The running one of this kind, which is started when there is none."""
        key = key or self.settings.key
        name = " ".join((peer.name, key, *extra, label))
        if name not in self._servers:
            self.say(f"starting {peer.name}")
            try:
                server = self.start(peer, key, extra)
                self._stack.callback(server.program.stop)
                self._servers[name] = server
            except Failed as failure:
                self._servers[name] = failure
        found = self._servers[name]
        if isinstance(found, Failed):
            raise found
        return found

    def _command(self, site: Site, name: str, load: Load) -> list[str]:
        """A server is driven by the client of its build; else by ours."""
        own = site.build / name
        client = own if own.exists() else self.settings.build / name
        return drive.command(client, site.port, site.pki, site.terms, load)

    @contextlib.contextmanager
    def driver(self, server: Server, load: Load) -> Iterator[Driver]:
        """A client that has connected and waits."""
        name = drive.PLAIN_CLIENT if server.peer.plain else drive.CLIENT
        argv = self._command(server.site, name, load)
        log = self.file("client.log")
        with Driver(argv, log, load.connections) as driver:
            self._sessions.add(driver.session)
            try:
                driver.await_step("connected")
                yield driver
            finally:
                self._sessions.discard(driver.session)

    @contextlib.contextmanager
    def beside(self, session: int) -> Iterator[None]:
        """A session that belongs to what is measured; 0: none."""
        if session:
            self._sessions.add(session)
        try:
            yield
        finally:
            self._sessions.discard(session)

    def reading(self) -> cpu.Reading:
        return cpu.read(self._sessions)

    def counters(self, server: Server) -> dict[str, int]:
        """Of one of our servers, by tlsecho-stat."""
        site = server.site
        viewer = site.build / drive.VIEWER
        text = self.ask(viewer, "--json", "--once", f"--stats={site.name}")
        found: dict[str, int] = json.loads(text)["counters"]
        return found
