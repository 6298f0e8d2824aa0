"""How does a payment provider tell that a final bill was paid?

One address for each carrier's host: the host says whose bill it can be, and the secret is that carrier's own. See
docs/operators/payments.md for the contract.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tojimari.money import webhooks
from tojimari.platform.acting import Refused
from tojimari.platform.config import config
from tojimari.portal.tenancy import carrier_of
from tojimari.terminations.payment_notices import take_notice

STATUS = {"webhook.not_genuine": 401, "webhook.not_fresh": 401, "webhook.other_body": 409, "webhook.form": 422}


@csrf_exempt  # no browser and no cookie: the signature says who it is
@never_cache
@require_POST
def payments(request: HttpRequest) -> JsonResponse:
    """Take one message. The same message gets the same answer; "not found" for a carrier without a provider."""
    carrier, now = carrier_of(request), timezone.now()
    secrets = config().payment_secrets.get(carrier.slug, ())
    if not secrets:
        raise Http404
    body = request.read(webhooks.LARGEST + 1)
    if len(body) > webhooks.LARGEST:
        return JsonResponse({"error": "webhook.too_large"}, status=413)
    headers = {name.lower(): text for name, text in request.headers.items()}
    try:
        message_id = webhooks.check(headers, body, secrets, at=now)
        status, answer = take_notice(carrier_id=carrier.pk, message_id=message_id, body=body, at=now)
    except Refused as refused:
        return JsonResponse({"error": refused.code}, status=STATUS.get(refused.code, 422))
    return JsonResponse(answer, status=status)
