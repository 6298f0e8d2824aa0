"""A time stamping authority for tests: certificates made on the spot, and a server that calls `openssl ts -reply`."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIG = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
crypto_device = builtin
"""
EXTENSIONS = "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\n"


def _openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


@dataclass
class Authority:
    """Answers time stamp queries. `twist` changes a query before it is answered; `answers` counts; `away` refuses."""

    folder: Path
    url: str = ""
    away: bool = False
    answers: int = 0
    twist: Callable[[bytes], bytes] = field(default=lambda query: query)

    @property
    def certificate(self) -> Path:
        return self.folder / "ca.pem"

    def make(self) -> None:
        """Make a certificate authority and the key that stamps."""
        at = self.folder
        at.mkdir(parents=True, exist_ok=True)
        new = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        _openssl(
            *new, "-x509", "-days", "3650", "-subj", "/CN=Test CA", "-keyout", at / "ca.key", "-out", at / "ca.pem"
        )
        _openssl(*new, "-subj", "/CN=Test TSA", "-keyout", at / "tsa.key", "-out", at / "tsa.csr")
        (at / "ext").write_text(EXTENSIONS)
        signing = ("x509", "-req", "-days", "3650", "-CA", at / "ca.pem", "-CAkey", at / "ca.key", "-CAcreateserial")
        _openssl(*signing, "-extfile", at / "ext", "-in", at / "tsa.csr", "-out", at / "tsa.pem")
        (at / "config").write_text(CONFIG.format(folder=at))
        (at / "serial").write_text("01\n")

    def answer(self, query: bytes) -> bytes:
        """Return what the authority says to one query."""
        (self.folder / "query").write_bytes(self.twist(query))
        at = self.folder
        _openssl("ts", "-reply", "-config", at / "config", "-queryfile", at / "query", "-out", at / "answer")
        self.answers += 1
        return (at / "answer").read_bytes()


@contextmanager
def running(authority: Authority) -> Iterator[Authority]:
    """Let it answer on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            body = b"" if authority.away else authority.answer(query)
            self.send_response(503 if authority.away else 200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    authority.url = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
