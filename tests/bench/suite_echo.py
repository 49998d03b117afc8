"""Suites in closed loop: echo, pipeline, large messages, cost of counters."""

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from functools import partial

from bench import peers, windows
from bench.drive import Load
from bench.peers import AGAIN, PLAIN, TLSECHO, Peer
from bench.program import Failed, Lacks
from bench.results import OWN, Case, Column, Row
from bench.rig import Rig, Server
from bench.windows import Sample, Subject

RATE = Column("round trips/s", "rate", digits=0)
SERVER = Column("server CPU us", "server_us")
CLIENT = Column("client CPU us", "client_us")
TO_PLAIN = Column("ratio to plain TCP", "server_us", PLAIN)
TO_OURS = Column("ratio to tlsecho", "server_us", TLSECHO)
CALLS = [
    Column("recv per echo", "recv", digits=3),
    Column("send per echo", "send", digits=3),
    Column("epoll_wait per echo", "wait", digits=3),
]
# By name: bytes, in words, and connections.
LARGE = {"16k": (2**14, "16 KiB", 64), "1m": (2**20, "1 MiB", 8)}
MANY = 2000  # connections; above, most are idle, and ours are alone


def load(rig: Rig, connections: int) -> Load:
    s = rig.settings
    return Load(connections, s.duration, s.size, workers=s.client_workers)


def subjects(
    rig: Rig, case: Case, measure: Callable[[Server], Sample], names: list[Peer]
) -> list[Subject]:
    """Of those that can be started; what the others lack becomes a note."""
    found = []
    for peer in names:
        try:
            server = rig.server(peer)
        except Failed as failure:
            case.lack(peer.name, str(failure), peers.is_ours(peer.name))
            continue
        if not server.refuses and not peer.plain and peer.verifies:
            case.note(f"{peer.name}: lets in clients without a certificate.")
        note = ", ".join(peer.notes)
        found.append(
            Subject(Row(peer.name, note=note), partial(measure, server))
        )
    return found


def fitting(rig: Rig, connections: int, case: Case) -> list[Peer]:
    fit = []
    for peer in peers.chosen(rig.settings):
        if peer.connections_max >= connections:
            fit.append(peer)
        else:
            case.note(
                f"{peer.name}: not with more than {peer.connections_max} "
                f"connections."
            )
    return fit


def _few(rig: Rig, connections: int) -> Case:
    columns = [RATE, SERVER, CLIENT, TO_PLAIN, TO_OURS, *CALLS]
    plural = "" if connections == 1 else "s"
    case = Case("echo", f"{connections} connection{plural}", columns, [])
    measure = partial(windows.closed_loop, rig, load=load(rig, connections))
    names = fitting(rig, connections, case)
    return windows.run(
        rig,
        case,
        subjects(rig, case, lambda s: measure(server=s), names),
        rig.settings.rounds,
    )


@contextlib.contextmanager
def idle(rig: Rig, servers: list[Server], connections: int) -> Iterator[None]:
    """Open connections on which nothing happens, on each server."""
    with contextlib.ExitStack() as stack:
        for server in servers:
            rig.say(f"opening {connections} connections to {server.peer.name}")
            quiet = load(rig, connections)
            stack.enter_context(rig.driver(server, quiet))
        yield


def _many(rig: Rig, connections: int) -> Case:
    active = min(rig.settings.active, connections)
    columns = [RATE, SERVER, CLIENT, TO_PLAIN, *CALLS]
    title = f"{connections} connections, {active} of them active"
    case = Case("echo", title, columns, [])
    names = peers.own(rig.settings)
    servers = [rig.server(peer) for peer in names]
    active_load = load(rig, active)
    with idle(rig, servers, connections - active):
        return windows.run(
            rig,
            case,
            subjects(
                rig,
                case,
                lambda s: windows.closed_loop(rig, s, active_load),
                names,
            ),
            rig.settings.rounds,
        )


def echo(rig: Rig, connections: int) -> Case:
    return (_many if connections > MANY else _few)(rig, connections)


def pipeline(rig: Rig) -> Case:
    depth = rig.settings.pipeline
    if not rig.client_can("--pipeline"):
        raise Failed("tlsecho-client has no --pipeline")
    connections = rig.settings.connections[0]
    own = Column("ratio to pipeline 1", "server_us", OWN)
    columns = [RATE, SERVER, CLIENT, own, TO_PLAIN, *CALLS]
    title = f"{connections} connections, {depth} messages under way on each"
    case = Case("pipeline", title, columns, [])
    one = load(rig, connections)
    deep = dataclasses.replace(one, pipeline=depth)
    found = []
    for peer in peers.own(rig.settings):
        measure = partial(windows.closed_loop, rig, rig.server(peer))
        found.append(Subject(Row(peer.name), partial(measure, one)))
        if peer.name != AGAIN or rig.settings.base:
            row = Row.of(peer.name, f"pipeline {depth}")
            found.append(Subject(row, partial(measure, deep)))
    return windows.run(rig, case, found, rig.settings.rounds)


def _large(rig: Rig, server: Server, size: int, load: Load) -> Sample:
    """Each byte travels both ways; it is counted once."""
    sample = windows.closed_loop(rig, server, load)
    mib = size / 2**20
    values = sample.values
    values["mib_rate"] = values["rate"] * mib
    values["server_us_mib"] = values["server_us"] / mib
    values["client_us_mib"] = values["client_us"] / mib
    return sample


def large(rig: Rig, name: str) -> Case:
    size, title, connections = LARGE[name]
    columns = [
        Column("MiB/s each way", "mib_rate", digits=0),
        Column("server CPU us/MiB", "server_us_mib", digits=0),
        Column("client CPU us/MiB", "client_us_mib", digits=0),
        TO_PLAIN,
        TO_OURS,
    ]
    text = f"messages of {title}, {connections} connections"
    case = Case("large", text, columns, [])
    big = dataclasses.replace(load(rig, connections), size=str(size))
    names = fitting(rig, connections, case)
    measure = partial(_large, rig, size=size, load=big)
    return windows.run(
        rig,
        case,
        subjects(rig, case, lambda s: measure(server=s), names),
        rig.settings.rounds,
    )


def stats_cost(rig: Rig) -> Case:
    build = rig.settings.nostats
    if not (build / "tlsecho-server").exists():
        raise Lacks(
            f"no {build}/tlsecho-server: make B={build} "
            f"CPPFLAGS=-DTLSECHO_NO_STATS"
        )
    name = "without counters"
    columns = [
        RATE,
        SERVER,
        Column("ratio to the server without", "server_us", name),
    ]
    connections = rig.settings.connections[0]
    case = Case("stats-cost", f"{connections} connections", columns, [])
    without = Peer(
        name,
        "",
        lambda site: peers.tlsecho(dataclasses.replace(site, build=build)),
    )
    names = [peers.peer(TLSECHO), peers.peer(AGAIN), without]
    ask = load(rig, connections)
    return windows.run(
        rig,
        case,
        subjects(rig, case, lambda s: windows.closed_loop(rig, s, ask), names),
        rig.settings.rounds,
    )
