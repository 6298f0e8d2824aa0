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


def need(true, why):
    if not true:
        raise ValueError(why)


def once(pairs):
    need(len(dict(pairs)) == len(pairs), "something is said twice")
    return dict(pairs)


def canonical(value):  # RFC 8785, for what is signed: no fractions, and no names beyond U+FFFF
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def decoded(part):
    data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    need(base64.urlsafe_b64encode(data).decode().rstrip("=") == part, "base64url is not written as it must be")
    return data


def signed(jws, keys, kind, form):  # RFC 7515, 8037
    head, body, signature = jws.split(".")
    header, said = (json.loads(decoded(part), object_pairs_hook=once) for part in (head, body))
    need(header == {"alg": "Ed25519", "kid": header["kid"], "typ": kind} and said["format"] == form, "signed otherwise")
    key = keys.get(header["kid"]) or need(False, "signed with a key that is not among these")
    name = sha256(canonical({part: key[part] for part in ("crv", "kty", "x")})).digest()  # RFC 7638
    need((key["crv"], decoded(key["kid"])) == ("Ed25519", name), "a key of another kind, or under another's name")
    Ed25519PublicKey.from_public_bytes(decoded(key["x"])).verify(decoded(signature), f"{head}.{body}".encode())
    need(datetime.fromisoformat(said["issued_at"]).timestamp() <= key.get("exp", 1e12), "the key was no longer in use")
    return said


def follow(events, prev, before, reference, chain):
    for number, event in enumerate(events, before + 1):
        follows = (number, reference, prev) == tuple(map(event.get, ("number", "reference", "prev")))
        claimed, prev = event.pop("hash"), sha256(canonical(event | {"format": "tojimari-event-1"})).hexdigest()
        need(follows and claimed == prev and len(event) == 7, f"entry {number} was changed, or is not of here")
    need(chain == {"head": prev, "events": before + len(events)}, "not the history that was signed")


def check(text, published):
    file, listed = (json.loads(one, object_pairs_hook=once) for one in (text, published))
    keys, form, jws = once([(key["kid"], key) for key in listed["keys"]]), file["format"], file["certificate"]
    more = {"1": {}, "2": {"addendum": check_later, "inclusion": check_day}}[form.removeprefix("tojimari-certificate-")]
    need(set(file) - set(more) == {"format", "certificate", "events"}, "other parts than a certificate has")
    said, digest = signed(jws, keys, "tojimari-certificate+jws", form), sha256(jws.encode()).hexdigest()
    follow(file["events"], bytes(32).hex(), 0, said["reference"], said["chain"])
    return said["reference"], said["terminated"], *(more[at](file[at], digest, keys, said) for at in more if at in file)


def check_later(found, digest, keys, said):  # what was told after the certificate
    more = signed(found["addendum"], keys, "tojimari-addendum+jws", "tojimari-addendum-1")
    read = base64.b64decode(found.get("notice", ""), validate=True)
    need("notice" not in found or more["notice"] == sha256(read).hexdigest(), "another notice than the one signed")
    shape = (set(found) - {"notice"}, base64.b64encode(read).decode(), more["certificate"])
    need(shape == ({"addendum", "events"}, found.get("notice", ""), digest), "added to another certificate")
    follow(found["events"], said["chain"]["head"], said["chain"]["events"], said["reference"], more["chain"])
    return f"later: {', '.join(one['name'] for one in more['later'])}"


def check_day(found, digest, keys, said):  # RFC 9162, 2.1.3.2
    root = signed(found["root"], keys, "tojimari-root+jws", "tojimari-root-1")
    leaf, place, last, path = found["leaf"], found["index"], root["size"] - 1, [*map(bytes.fromhex, found["path"])]
    shape = (set(found) - {"stamp"}, len(leaf), leaf["certificate"], type(place), [*map(bytes.hex, path)])
    need(shape == ({"leaf", "index", "path", "root"}, 4, digest, int, found["path"]), "not the way of this certificate")
    node = sha256(b"\0" + canonical(leaf | {"format": "tojimari-leaf-1"})).digest()
    for beside in path:
        need(0 <= place <= last > 0, "the way is too long")
        left = place % 2 == 1 or place == last
        while left and place and place % 2 == 0:
            place, last = place // 2, last // 2
        node, place, last = sha256(b"\1" + (beside + node if left else node + beside)).digest(), place // 2, last // 2
    need((place, last, node.hex()) == (0, 0, root["root"]) and said["issued_at"][:10] <= root["day"], "not of its day")
    return f"in the root of {root['day']}"


if __name__ == "__main__":
    files = [Path(name).read_text("utf-8") for name in sys.argv[1:3]]
    sys.excepthook = lambda _, why, __: print("NOT VALID:", str(why) or "changed since it was signed", file=sys.stderr)
    print("valid:", *check(*files))
