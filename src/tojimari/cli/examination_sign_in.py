"""Can staff sign in where they may do so by their carrier's own provider alone?"""

from __future__ import annotations

from tojimari.cli.examination import Finding, missing, note, well
from tojimari.platform.config import config


def sign_in() -> Finding:
    only, providers = config().sso_only, config().oidc
    if shut := sorted(set(only) - set(providers)):
        return missing(
            "sign-in",
            f"staff of {', '.join(shut)} may sign in by a provider alone, and none is configured: nobody gets in",
            "Name the provider in TOJIMARI_OIDC, or take the carrier out of TOJIMARI_SSO_ONLY.",
        )
    if bare := sorted(slug for slug, keeper in only.items() if not keeper):
        return note(
            "sign-in",
            f"no account for emergencies for {', '.join(bare)}: when the provider is away, nobody gets in",
            "Write TOJIMARI_SSO_ONLY=SLUG=ADDRESS.",
        )
    if only:
        return well("sign-in", f"by the provider alone: {', '.join(sorted(only))}")
    also = f"; also by the provider: {', '.join(sorted(providers))}" if providers else ""
    return well("sign-in", f"with password or passkey{also}")
