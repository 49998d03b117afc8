"""Before a server is measured: does it do what it is measured for?"""

import socket
import ssl

from bench.pki import Pki

WORDS = b"prove it"
SECONDS = 5


class NotProved(Exception):
    """In words, what it did not do."""


def _context(pki: Pki, tls: str, with_certificate: bool) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(pki.ca))
    version = ssl.TLSVersion[f"TLSv{tls.replace('.', '_')}"]
    context.minimum_version = context.maximum_version = version
    if with_certificate:
        context.load_cert_chain(pki.client_cert, pki.client_key)
    return context


def _echo(stream: socket.socket) -> bytes:
    """What comes back, until enough or the end."""
    stream.sendall(WORDS)
    answer = b""
    while len(answer) < len(WORDS):
        piece = stream.recv(len(WORDS))
        if not piece:
            break
        answer += piece
    return answer


def _exchange(port: int, pki: Pki, tls: str, with_certificate: bool) -> bytes:
    with socket.create_connection(("127.0.0.1", port), SECONDS) as raw:
        context = _context(pki, tls, with_certificate)
        with context.wrap_socket(raw, server_hostname="localhost") as stream:
            return _echo(stream)


def prove_plain(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), SECONDS) as raw:
        if _echo(raw) != WORDS:
            raise NotProved("no echo")


def prove(port: int, pki: Pki, tls: str) -> bool:
    """
    It echoes with a client certificate, in that version of TLS; else NotProved.
    Returns whether it refuses clients that have none.
    """
    try:
        answer = _exchange(port, pki, tls, True)
    except OSError as error:
        raise NotProved(f"no echo: {error}") from None
    if answer != WORDS:
        raise NotProved("no echo with a client certificate")
    try:
        return _exchange(port, pki, tls, False) != WORDS
    except OSError:
        return True
