"""
The programs that are compared: how to find, configure and start each.

All are started in the foreground, on a port of 127.0.0.1, with the same
certificates, and with as many workers as tlsecho-server where they have
workers. tlsecho-client drives them all; to drive plain-echo it is linked
without TLS (plain-client). Proxies decrypt in front of plain-echo. Left out:
gnutls-serv, which echoes lines only and listens on all addresses, and openssl
s_server, which does not echo.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bench.pki import Pki
from bench.settings import Settings
from bench.terms import GROUP, Terms

STREAM_MODULE = Path("/usr/lib/nginx/modules/ngx_stream_module.so")


@dataclass(frozen=True)
class Site:
    """Where and how one server is to run."""

    build: Path
    directory: Path
    port: int
    backend: int  # port of plain-echo
    pki: Pki
    terms: Terms
    workers: int
    name: str  # for the statistics segment of ours
    extra: tuple[str, ...] = ()  # options for tlsecho-server


@dataclass(frozen=True)
class Peer:
    name: str
    program: str  # "" if it is ours
    command: Callable[[Site], list[str]]
    version: tuple[str, ...] = ()  # options that print it
    needs: Path | None = None
    verifies: bool = True  # it can ask for certificates of clients
    connections_max: int = 1_000_000  # that it is driven with
    idle_max: int = 10_000  # that it is made to hold
    plain: bool = False
    group: str = GROUP  # of its key exchange
    notes: tuple[str, ...] = field(default=())

    def missing(self) -> str:
        """Why it cannot run; empty if it can."""
        if self.program and find(self.program) is None:
            return f"{self.program} is not installed"
        if self.needs is not None and not self.needs.exists():
            return f"{self.needs} is not installed"
        return ""


def find(program: str) -> str | None:
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return shutil.which(program, path=path)


def version(program: str, options: Iterable[str]) -> str:
    """The first number with a dot in what it prints."""
    path = find(program)
    if path is None:
        return ""
    try:
        done = subprocess.run(
            [path, *options],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"\d+\.\d[\w.+-]*", done.stdout + done.stderr)
    return found.group() if found else ""


def write(site: Site, name: str, text: str) -> str:
    path = site.directory / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def tlsecho(site: Site) -> list[str]:
    return [
        str(site.build / "tlsecho-server"),
        f"--listen=127.0.0.1:{site.port}",
        f"--workers={site.workers}",
        f"--cert={site.pki.cert}",
        f"--key={site.pki.key}",
        f"--ca={site.pki.ca}",
        f"--priority={site.terms.priority}",
        f"--stats={site.name}",
        "--log-level=error",
        "--idle-timeout=0",
        "--drain-timeout=0",
        *site.extra,
    ]


def plain(site: Site) -> list[str]:
    return [
        str(site.build / "tests/bench/plain-echo"),
        str(site.workers),
        str(site.port),
    ]


def nginx(site: Site) -> list[str]:
    text = f"""
load_module {STREAM_MODULE};
daemon off;
pid {site.directory}/nginx.pid;
error_log stderr error;
worker_processes {site.workers};
events {{ worker_connections 40000; }}
stream {{
    server {{
        listen 127.0.0.1:{site.port} ssl backlog=4096;
        proxy_pass 127.0.0.1:{site.backend};
        proxy_timeout 1h;
        ssl_protocols TLSv{site.terms.tls};
        ssl_certificate {site.pki.cert};
        ssl_certificate_key {site.pki.key};
        ssl_client_certificate {site.pki.ca};
        ssl_verify_client on;
    }}
}}
"""
    config = write(site, "nginx.conf", text)
    here = str(site.directory)
    return ["nginx", "-p", here, "-e", "stderr", "-c", config]


def haproxy(site: Site) -> list[str]:
    text = f"""
global
    nbthread {site.workers}
defaults
    mode tcp
    timeout connect 10s
    timeout client 1h
    timeout server 1h
listen echo
    bind 127.0.0.1:{site.port} backlog 4096 ssl crt {site.pki.combined} \
ca-file {site.pki.ca} verify required \
ssl-min-ver TLSv{site.terms.tls} ssl-max-ver TLSv{site.terms.tls}
    server plain 127.0.0.1:{site.backend}
"""
    return ["haproxy", "-db", "-f", write(site, "haproxy.cfg", text)]


def hitch(site: Site) -> list[str]:
    user = 'user = "nobody"' if os.getuid() == 0 else ""  # it insists
    text = f"""
frontend = {{ host = "127.0.0.1" port = "{site.port}" }}
backend = "[127.0.0.1]:{site.backend}"
workers = {site.workers}
backlog = 4096
daemon = off
{user}
pem-file = "{site.pki.combined}"
tls-protos = TLSv{site.terms.tls}
ciphers = "ECDHE"
client-verify = required
client-verify-ca = "{site.pki.ca}"
"""
    return ["hitch", "--config", write(site, "hitch.conf", text)]


def stunnel(site: Site) -> list[str]:
    text = f"""
foreground = yes
pid =
debug = err
[echo]
accept = 127.0.0.1:{site.port}
connect = 127.0.0.1:{site.backend}
cert = {site.pki.cert}
key = {site.pki.key}
CAfile = {site.pki.ca}
verifyChain = yes
requireCert = yes
sslVersion = TLSv{site.terms.tls}
socket = l:TCP_NODELAY=1
socket = r:TCP_NODELAY=1
"""
    return ["stunnel4", write(site, "stunnel.conf", text)]


def socat(site: Site) -> list[str]:
    listen = (
        f"OPENSSL-LISTEN:{site.port},bind=127.0.0.1,reuseaddr,fork,nodelay,"
        f"backlog=4096,cert={site.pki.cert},key={site.pki.key},"
        f"cafile={site.pki.ca},verify=1,"
        f"openssl-min-proto-version=TLS{site.terms.tls},"
        f"openssl-max-proto-version=TLS{site.terms.tls}"
    )
    return ["socat", "-lp", "socat", listen, "PIPE"]


def ncat(site: Site) -> list[str]:
    files = [f"--ssl-cert={site.pki.cert}", f"--ssl-key={site.pki.key}"]
    listen = ["--listen", "--keep-open", "--max-conns=10000"]
    where = ["127.0.0.1", str(site.port)]
    return ["ncat", "--ssl", *files, *listen, "--exec=/bin/cat", *where]


TLSECHO = "tlsecho"
BASE = "base"
AGAIN = "tlsecho again"
PLAIN = "plain TCP"

PEERS = [
    Peer(TLSECHO, "", tlsecho),
    Peer(BASE, "", tlsecho, notes=("the build to compare with",)),
    Peer(AGAIN, "", tlsecho, notes=("the same program once more",)),
    Peer(PLAIN, "", plain, plain=True, notes=("no TLS: the limit",)),
    Peer("nginx", "nginx", nginx, ("-v",), STREAM_MODULE),
    # One process with two descriptors a connection: mind `ulimit -n`.
    Peer("haproxy", "haproxy", haproxy, ("-v",), idle_max=9000),
    Peer("hitch", "hitch", hitch, ("--version",)),
    Peer(
        "stunnel",
        "stunnel4",
        stunnel,
        ("-version",),
        idle_max=1000,
        notes=("a thread a connection",),
    ),
    Peer(
        "socat",
        "socat",
        socat,
        ("-V",),
        connections_max=1000,
        idle_max=200,
        group="SECP256R1",
        notes=("a process a connection", "P-256, for want of X25519"),
    ),
    Peer(
        "ncat",
        "ncat",
        ncat,
        ("--version",),
        verifies=False,
        connections_max=200,
        notes=("asks for no client certificate", "and a cat a connection"),
    ),
]

FOREIGN = tuple(p.name for p in PEERS if p.program)


def is_ours(row: str) -> bool:
    """Of a table: "nginx, resumed" is not; what drives plain TCP is."""
    return row.partition(",")[0] not in FOREIGN


def peer(name: str) -> Peer:
    return next(p for p in PEERS if p.name == name)


def own(settings: Settings) -> list[Peer]:
    """The same server twice, around the build to compare with; the limit."""
    return [
        p for p in PEERS if not p.program and (p.name != BASE or settings.base)
    ]


def chosen(settings: Settings, *more: str) -> list[Peer]:
    """Ours always; and those that are named."""
    wanted = {*(settings.peers or FOREIGN), *more}
    return own(settings) + [p for p in PEERS if p.name in wanted]
