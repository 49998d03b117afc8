"""What it costs the server that somebody looks: viewer, exporter, page."""

import contextlib
import http.client
import os
import pty
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial

from bench import drive, peers, suite_echo, windows
from bench.peers import AGAIN, TLSECHO
from bench.program import DIES_WITH_US, Failed, Program, free_port
from bench.results import Case, Column, Row
from bench.rig import Rig, Server
from bench.windows import Sample, Subject

INTERVAL = "1s"
SCRAPE_SECONDS = 1.0
COLUMNS = [
    suite_echo.RATE,
    suite_echo.SERVER,
    Column("ratio to nobody looking", "server_us", TLSECHO),
    Column("CPU of who looks, ms/s", "beside_ms", digits=1),
]

Beside = Callable[[Rig, Server], contextlib.AbstractContextManager[int]]


def _drain(fd: int) -> None:
    """What a terminal does: reads, until the program has gone."""
    with contextlib.suppress(OSError):
        while os.read(fd, 65_536):
            pass


@contextlib.contextmanager
def _terminal(_rig: Rig, server: Server) -> Iterator[int]:
    """The viewer on a terminal; its session."""
    ours, theirs = pty.openpty()
    viewer = server.site.build / drive.VIEWER
    name = f"--stats={server.site.name}"
    process = subprocess.Popen(
        [*DIES_WITH_US, str(viewer), name, f"--interval={INTERVAL}"],
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"TERM": "xterm-256color"},
        start_new_session=True,
    )
    os.close(theirs)
    reader = threading.Thread(target=_drain, args=(ours,))
    reader.start()
    try:
        yield process.pid
        if process.poll() is not None:
            raise Failed(f"the viewer ended: {process.returncode}")
    finally:
        process.terminate()
        process.wait()
        reader.join()
        os.close(ours)


@contextlib.contextmanager
def _exporter(rig: Rig, server: Server) -> Iterator[tuple[int, int]]:
    """The exporter's session and port."""
    port = free_port()
    argv = [
        str(server.site.build / drive.VIEWER),
        f"--stats={server.site.name}",
        f"--http=127.0.0.1:{port}",
        f"--interval={INTERVAL}",
    ]
    with Program(argv, rig.file("exporter.log")) as program:
        program.await_port(port)
        yield program.session, port


def _scrape(port: int, stop: threading.Event, count: list[int]) -> None:
    while not stop.wait(SCRAPE_SECONDS):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.closing(connection):
            connection.request("GET", "/metrics")
            answer = connection.getresponse()
            if answer.status == 200 and answer.read():
                count[0] += 1


def _follow(port: int, stop: threading.Event, count: list[int]) -> None:
    """The page's stream, read as a browser does."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.closing(connection):
        connection.request("GET", "/api/v1/events")
        answer = connection.getresponse()
        while not stop.is_set() and answer.status == 200:
            if not answer.readline():
                return
            count[0] += 1


@contextlib.contextmanager
def _reader(
    rig: Rig,
    server: Server,
    read: Callable[[int, threading.Event, list[int]], None],
) -> Iterator[int]:
    """Fails when nothing was read, so that nothing else is measured."""
    stop = threading.Event()
    count = [0]
    with _exporter(rig, server) as (session, port):
        thread = threading.Thread(target=read, args=(port, stop, count))
        thread.start()
        try:
            yield session
        finally:
            stop.set()
            thread.join()
    if count[0] == 0:
        raise Failed("the exporter was never read")


@contextlib.contextmanager
def _nobody(_rig: Rig, _server: Server) -> Iterator[int]:
    yield 0


def _measure(rig: Rig, server: Server, beside: Beside) -> Sample:
    load = suite_echo.load(rig, rig.settings.connections[0])
    with beside(rig, server) as session, rig.beside(session):
        before = rig.reading()
        sample = windows.closed_loop(rig, server, load)
        after = rig.reading()
    spent = after.sessions.get(session, 0) - before.sessions.get(session, 0)
    seconds = (after.time_ns - before.time_ns) / 1e9
    sample.values["beside_ms"] = spent / 1e6 / seconds
    return sample


def viewers(rig: Rig) -> Case:
    connections = rig.settings.connections[0]
    case = Case("viewers", f"{connections} connections", COLUMNS, [])
    plain = rig.server(peers.peer(TLSECHO))
    again = rig.server(peers.peer(AGAIN))
    rows: list[tuple[str, Server, Beside]] = [
        (TLSECHO, plain, _nobody),
        (AGAIN, again, _nobody),
        ("viewer each second", plain, _terminal),
        ("exporter scraped each second", plain, partial(_reader, read=_scrape)),
        ("page open", plain, partial(_reader, read=_follow)),
    ]
    if rig.server_can("--connection-table"):
        option = ("--connection-table=off",)
        without = rig.server(peers.peer(TLSECHO), extra=option)
        rows.append(("without connection table", without, _nobody))
    found = [
        Subject(Row(name), partial(_measure, rig, server, beside))
        for name, server, beside in rows
    ]
    return windows.run(rig, case, found, rig.settings.rounds)
