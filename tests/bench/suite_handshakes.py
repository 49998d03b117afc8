"""What handshakes cost: full, resumed, by key type, with a long CRL."""

import dataclasses
import subprocess
from functools import partial
from pathlib import Path

from bench import cpu, drive, peers, suite_echo, windows
from bench.drive import Load
from bench.peers import AGAIN, TLSECHO, Peer
from bench.pki import Pki
from bench.program import Failed
from bench.results import OWN, Case, Column, Note, Row
from bench.rig import Rig, Server
from bench.windows import Sample, Subject

KEYS = ("ecdsa-p256", "ed25519", "rsa-2048")
# Under way at a time: few, since with --resume as many are full at first.
UNDER_WAY = 8
UNCACHED = "tlsecho, no chain cache"
IN_WORKERS = "tlsecho with keys in workers"
COLUMNS = [
    Column("transactions/s", "rate", digits=0),
    Column("server CPU us", "server_us", digits=0),
    Column("client CPU us", "client_us", digits=0),
    Column("ratio to no chain cache", "server_us", UNCACHED),
    Column("ratio to full", "server_us", OWN),
    Column("ratio to tlsecho", "server_us", TLSECHO),
    Column("resumed %", "resumed", digits=0),
]
CRL_ENTRIES = 100_000
ONE_TRANSACTION = Note("A transaction: connect, handshake, one echo, close.")


def transactions(rig: Rig, server: Server, load: Load) -> Sample:
    """Connections that come and go, as fast as they can."""
    with rig.driver(server, load) as driver:
        before = rig.reading()
        driver.go_on()
        driver.await_step("finished")
        drive.settle(server.session)
        after = rig.reading()
        driver.go_on()
        report = driver.report()
        client = driver.session
    made = report["transactions"]
    if made == 0:
        raise Failed("not one handshake")
    spent = cpu.spent_ns(before, after)
    resumed = report["resumed_percent"]
    if "--resume" in load.extra and resumed < 50:
        raise Failed(f"resumes {resumed:.0f} % of sessions that it could")
    values = {
        "rate": report["transactions_per_second"],
        "server_us": spent[server.session] / made / 1e3,
        "client_us": spent[client] / made / 1e3,
        "resumed": resumed,
    }
    return windows.sample(values, before, after)


def _load(rig: Rig, *extra: str) -> Load:
    load = suite_echo.load(rig, UNDER_WAY)
    return dataclasses.replace(load, extra=("--handshakes", *extra))


def _start(
    rig: Rig, peer: Peer, key: str, case: Case, extra: tuple[str, ...] = ()
) -> Server | None:
    try:
        return rig.server(peer, key, extra)
    except Failed as failure:
        case.lack(peer.name, str(failure), peers.is_ours(peer.name))
        return None


def _subjects(rig: Rig, key: str, case: Case) -> list[Subject]:
    """Ours first: full, again, without the cache, and then resumed."""
    names = [p for p in peers.chosen(rig.settings) if p.verifies]
    full: list[Subject] = []
    resumed: list[Subject] = []
    for peer in names:
        server = None if peer.plain else _start(rig, peer, key, case)
        if server is None:
            continue
        measure = partial(transactions, rig, server)
        full.append(Subject(Row(peer.name), partial(measure, _load(rig))))
        if peer.name != AGAIN or rig.settings.base:
            row = Row(f"{peer.name}, resumed", peer.name)
            load = _load(rig, "--resume")
            resumed.append(Subject(row, partial(measure, load)))
    if rig.server_can("--chain-cache") and not rig.settings.base:
        ours = peers.peer(TLSECHO)
        server = _start(rig, ours, key, case, ("--chain-cache=0",))
        if server is not None:
            measure = partial(transactions, rig, server, _load(rig))
            full.insert(2, Subject(Row(UNCACHED), measure))
    return full + resumed


def handshakes(rig: Rig, key: str) -> Case:
    if not rig.client_can("--handshakes"):
        raise Failed("tlsecho-client has no --handshakes")
    case = Case("handshakes", key, COLUMNS, [], notes=[ONE_TRANSACTION])
    found = _subjects(rig, key, case)
    return windows.run(rig, case, found, rig.settings.rounds)


def keys(rig: Rig, key: str) -> Case:
    """Keys in the process that signs, and in the workers."""
    if not rig.server_can("--keys-in-workers"):
        raise Failed("tlsecho-server has no --keys-in-workers")
    title = f"full handshakes, where the private key is: {key}"
    columns = [
        *(c for c in COLUMNS if c.divided_by is None and c.key != "resumed"),
        Column("CPU to keys in workers", "server_us", IN_WORKERS),
        Column("rate to keys in workers", "rate", IN_WORKERS),
    ]
    case = Case("keys", title, columns, [], notes=[ONE_TRANSACTION])
    ours, again = peers.peer(TLSECHO), peers.peer(AGAIN)
    servers = {
        TLSECHO: rig.server(ours, key),
        AGAIN: rig.server(again, key),
        IN_WORKERS: rig.server(ours, key, ("--keys-in-workers",)),
        f"{IN_WORKERS}, again": rig.server(again, key, ("--keys-in-workers",)),
    }
    found = [
        Subject(Row(name), partial(transactions, rig, server, _load(rig)))
        for name, server in servers.items()
    ]
    return windows.run(rig, case, found, rig.settings.rounds)


def _long_list(pki: Pki, directory: Path) -> Path:
    """A CRL of our authority, full of serial numbers that nobody has."""
    directory.mkdir()
    with (directory / "index.txt").open("w", encoding="ascii") as register:
        for i in range(CRL_ENTRIES):
            register.write(
                f"R\t491231235959Z\t260101000000Z\t7F{i:014X}\tunknown\t"
                f"/CN={i}\n"
            )
    (directory / "number").write_text("01\n", encoding="ascii")
    config = directory / "openssl.cnf"
    config.write_text(
        "[ca]\ndefault_ca = authority\n[authority]\n"
        f"database = {directory}/index.txt\n"
        f"crlnumber = {directory}/number\n"
        "default_md = sha256\ndefault_crl_days = 30\n",
        encoding="ascii",
    )
    made = directory / "crl.pem"
    command = ["openssl", "ca", "-gencrl", "-config", str(config)]
    files = ["-cert", str(pki.ca), "-keyfile", str(pki.ca_key)]
    done = subprocess.run(
        [*command, *files, "-out", str(made)], capture_output=True, text=True
    )
    if done.returncode != 0:
        raise Failed(f"openssl ca: {done.stderr.strip()}")
    return made


def crl(rig: Rig) -> Case:
    if not rig.client_can("--handshakes"):
        raise Failed("tlsecho-client has no --handshakes")
    key = rig.settings.key
    made = _long_list(rig.pki(key), rig.file("crl"))
    title = f"full handshakes with a CRL of {CRL_ENTRIES:,} entries"
    columns = [c for c in COLUMNS if c.divided_by in (None, TLSECHO)]
    case = Case("crl", title, columns, [], notes=[ONE_TRANSACTION])
    ours, again = peers.peer(TLSECHO), peers.peer(AGAIN)
    servers = {
        TLSECHO: rig.server(ours),
        AGAIN: rig.server(again),
        "tlsecho with the CRL": rig.server(ours, key, (f"--crl={made}",)),
    }
    found = [
        Subject(Row(name), partial(transactions, rig, server, _load(rig)))
        for name, server in servers.items()
    ]
    return windows.run(rig, case, found, rig.settings.rounds)
