"""Is this certificate genuine? A check that knows nothing of Tojimari: Python and the package `cryptography`.

    python verify.py CERTIFICATE.json PUBLISHED_KEYS.json

Exit code 0: signed with one of these keys, and nothing was changed; 1: not. Get the keys from a place that you trust.
A time stamp is not looked at here: `openssl ts -verify` does that, over the text of "root" and the decoded "stamp".
"""

from __future__ import annotations

import base64
import json
import sys
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMATS = {"tojimari-certificate-1": False, "tojimari-certificate-2": True}  # may it show the root of its day?
EVENT = {"reference", "number", "at", "name", "actor", "data", "prev", "hash"}


def need(true, why):
    if not true:
        raise ValueError(f"NOT VALID: {why}")


def once(pairs):
    need(len(dict(pairs)) == len(pairs), "something is said twice")
    return dict(pairs)


def canonical(value):  # RFC 8785; what is signed has no fractions
    if isinstance(value, dict):
        pairs = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(item) for name, item in pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def decoded(part):
    data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    need(base64.urlsafe_b64encode(data).decode().rstrip("=") == part, "base64url is not written as it must be")
    return data


def signed(jws, keys, kind, formats):  # RFC 7515, 8037
    head, body, signature = jws.split(".")
    header, said = (json.loads(decoded(part), object_pairs_hook=once) for part in (head, body))
    need(set(header) == {"alg", "kid", "typ"} and header["alg"] == "Ed25519", "signed in another way")
    need(header["typ"] == kind and said["format"] in formats, "what is signed is something else")
    need(header["kid"] in keys, "signed with a key that is not among these")
    key = keys[header["kid"]]
    name = sha256(canonical({part: key[part] for part in ("crv", "kty", "x")}).encode()).digest()  # RFC 7638
    need((key["crv"], decoded(key["kid"])) == ("Ed25519", name), "a key of another kind, or under another's name")
    Ed25519PublicKey.from_public_bytes(decoded(key["x"])).verify(decoded(signature), f"{head}.{body}".encode())
    need(datetime.fromisoformat(said["issued_at"]).timestamp() <= key.get("exp", 1e12), "the key was no longer in use")
    return said


def check(text, published):
    file, listed = (json.loads(one, object_pairs_hook=once) for one in (text, published))
    keys = once([(key["kid"], key) for key in listed["keys"]])
    more = {"inclusion"} & set(file) if FORMATS[file["format"]] else set()
    need(set(file) == {"format", "certificate", "events"} | more, "other parts than a certificate has")
    said, prev = signed(file["certificate"], keys, "tojimari-certificate+jws", [file["format"]]), bytes(32).hex()
    for number, event in enumerate(file["events"], 1):
        place = (set(event), event["reference"], event["number"], event["prev"])
        need(place == (EVENT, said["reference"], number, prev), f"entry {number} does not belong here")
        body = {name: event[name] for name in EVENT - {"hash"}} | {"format": "tojimari-event-1"}
        prev = sha256(canonical(body).encode()).hexdigest()
        need(event["hash"] == prev, f"entry {number} was changed")
    need(said["chain"] == {"head": prev, "events": len(file["events"])}, "not the history that was signed")
    return said, check_day(file["inclusion"], file["certificate"], keys, said) if more else None


def check_day(found, certificate, keys, said):  # RFC 9162, 2.1.3.2
    root = signed(found["root"], keys, "tojimari-root+jws", ["tojimari-root-1"])
    leaf, place, last = found["leaf"], found["index"], root["size"] - 1
    need(set(found) - {"stamp"} == {"leaf", "index", "path", "root"} and len(leaf) == 4, "other parts than a way has")
    need(leaf["certificate"] == sha256(certificate.encode()).hexdigest(), "the leaf is of another certificate")
    node = sha256(b"\0" + canonical(leaf | {"format": "tojimari-leaf-1"}).encode()).digest()
    need(type(place) is int and 0 <= place <= last, "no such place in the tree")
    for beside in map(bytes.fromhex, found["path"]):
        need(last > 0, "the way is too long")
        left = place % 2 == 1 or place == last
        while left and place and place % 2 == 0:
            place, last = place // 2, last // 2
        node, place, last = sha256(b"\1" + (beside + node if left else node + beside)).digest(), place // 2, last // 2
    need(last == 0 and node.hex() == root["root"], "the way does not lead to the root")
    need(said["issued_at"][:10] <= root["day"], "that day was over before")
    return root["day"]


if __name__ == "__main__":
    sys.tracebacklimit = 0  # what ends it is the answer
    statement, day = check(*(Path(name).read_text("utf-8") for name in sys.argv[1:3]))
    print(f"valid: {statement['reference']} {statement['terminated']} (in the root of {day})")
