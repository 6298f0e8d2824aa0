"""How many PDFs of certificates are drawn in a second?

Draws the paper of one certificate of usual size again and again, each time with another reference and digest, in the
given number of processes at once; what a second request for the same paper would find cached is not counted. Nothing is
read from a database: that costs two short queries for each.

    python -m benchmarks.papers [--papers 200] [--processes 2] [--language zh-hans] [--sealed]
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any

WARM = 3


def main() -> int:
    """Print papers in a second for all processes together, and the size of one."""
    parser = argparse.ArgumentParser(prog="benchmarks.papers", description=__doc__)
    parser.add_argument("--papers", type=int, default=200)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--language", default="zh-hans", choices=("ja", "en", "zh-hans", "zh-hant"))
    parser.add_argument("--sealed", action="store_true", help="with an electronic seal (ECDSA, P-256)")
    args = parser.parse_args()
    share = args.papers // args.processes
    with ProcessPoolExecutor(args.processes, initializer=_prepare, initargs=(args.sealed,)) as pool:
        list(pool.map(_draw, [(args.language, WARM)] * args.processes))
        began = time.perf_counter()
        found = list(pool.map(_draw, [(args.language, share)] * args.processes))
        took = time.perf_counter() - began
    drawn = share * args.processes
    print(f"{drawn / took:.1f} papers a second, {drawn} in {args.processes} processes on {os.cpu_count()} cores")
    print(f"{1000 * sum(one[2] for one in found) / drawn:.1f} ms of one core for each")
    print(f"{found[0][0] / 1000:.0f} kB each, most memory of a process {max(one[1] for one in found) / 1024:.0f} MB")
    return 0


def _prepare(sealed: bool) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tojimari.platform.settings")
    import django

    django.setup()
    if sealed:
        from tojimari.proofs import paper_seal

        seal = paper_seal.read(*_seal())
        paper_seal.own = lambda: seal  # this process measures, and nothing else


def _seal() -> tuple[str, str]:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Measured")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return made.public_bytes(Encoding.PEM).decode(), private.decode()


def _draw(wanted: tuple[str, int]) -> tuple[int, int, float]:
    """Draw so many papers; return the bytes of the last, the most memory of this process in kB, and CPU seconds."""
    from joserfc.jwk import OKPKey

    from tojimari.money.words import CHARGES
    from tojimari.privacy.words import ITEMS
    from tojimari.proofs.formats import TYPE
    from tojimari.proofs.paper import digest_of, paper
    from tojimari.proofs.paper_facts import Names
    from tojimari.proofs.signing import KeySigner, signed

    language, count = wanted
    signer, names = KeySigner(OKPKey.generate_key("Ed25519", private=True)), Names(CHARGES, ITEMS)
    drawn, began = b"", time.process_time()
    for number in range(count):
        said = _said(f"TJ-{os.getpid():08}-{number:04}", list(ITEMS))
        jws = signed([said], signer, kind=TYPE)[0]
        events = [{"number": one, "data": {"step": "prove"}, "hash": f"{number:064}"} for one in range(11)]
        file = {"format": said["format"], "certificate": jws, "events": events}
        address = f"https://tabi.example/verify/{said['reference']}/{digest_of(jws)}/"
        drawn = paper(file, language=language, names=names, address=address, signer=signer)
    return len(drawn), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time() - began


def _said(reference: str, records: list[str]) -> dict[str, Any]:
    from tojimari.proofs.formats import FORMAT

    asked, ended = "2026-11-22T12:00:00+09:00", "2026-12-01T00:00:00+09:00"
    codes = ("charge.unpaid_bill", "charge.final_month", "charge.penalty")
    return {
        "format": FORMAT,
        "reference": reference,
        "issued_at": "2026-12-01T00:01:00+09:00",
        "carrier": {
            "slug": "tabi",
            "name_ja": "旅モバイル",
            "name_en": "Tabi Mobile",
            "legal_name": "旅モバイル株式会社",
            "registration": "第123号",
        },
        "shown": {"sha256": "0" * 64, "language": "ja"},
        "messages": [{"about": about, "by": "email", "state": "sent", "at": ended} for about in ("receipt", "visit 1")],
        "case": {"kind": "physical_sim", "scope": "line", "requested_at": asked, "ends_at": ended},
        "asked": {"proved": [{"step": "verify", "method": "code", "sent_by": "email"}]},
        "times": {"requested_at": asked, "authenticated_at": asked, "effective_at": ended, "proved_at": ended},
        "line": {"kind": "physical_sim", "msisdn": {"shown": "…0006"}, "iccid": {"shown": "…0062"}},
        "quote": {"lines": [{"text_code": code, "amount_yen": 1078} for code in codes], "total_yen": 3234},
        "terminated": {"by": "network_proof", "element": "osmohlr"},
        "simulated": False,
        "number": {"fate": "rests", "free_from": "2027-05-29"},
        "kept": [{"item": one, "until": f"{2027 + at % 7}-11-30"} for at, one in enumerate(records)],
        "untouched": {"same": True},
        "chain": {"head": "0" * 64, "events": 11},
    }


if __name__ == "__main__":
    raise SystemExit(main())
