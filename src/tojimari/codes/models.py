"""What is known of a one-time code, and of how often somebody guessed wrong?

The code itself is never stored: only an HMAC of it under the installation's key. `subject` is whose account it is for,
as the caller names it ("subscriber:12"); an account that does not exist gets a name of the same kind, see
`actions.unknown_subject`, so that nobody can tell the two apart.
"""

from __future__ import annotations

from django.db import models

from tojimari.lines.models import Carrier, Subscriber


class Code(models.Model):
    """One code, for one purpose, in one browser session."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT)
    subject = models.TextField()
    purpose = models.TextField(help_text='What it opens, such as "sign-in" or "confirm".')
    binding = models.TextField(help_text="HMAC of the session or request that asked for it.")
    digest = models.BinaryField(help_text="HMAC of the code, bound to everything above.")
    nonce = models.BinaryField(help_text="Makes equal codes different here.")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "purpose", "-issued_at"], name="code_newest"),
            models.Index(fields=["expires_at"], name="code_expired"),
        ]

    def __str__(self) -> str:
        return f"code {self.pk} for {self.purpose}"


class SavedCode(models.Model):
    """What a saved code is made from. Without the installation's key it says nothing; see `saved`."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    subject = models.TextField(help_text='What it opens: "case:12".')
    nonce = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "subject"], name="saved_code_subject")]

    def __str__(self) -> str:
        return f"saved code {self.pk}"


class Guard(models.Model):
    """How often codes for one account were guessed wrong. A new code does not reset it."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT)
    subject = models.TextField()
    in_a_row = models.PositiveIntegerField(default=0, help_text="Wrong guesses since the last right one.")
    hour_began = models.DateTimeField()
    in_hour = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "subject"], name="guard_subject")]

    def __str__(self) -> str:
        return f"guard {self.pk}"


class Bucket(models.Model):
    """How many more codes may be sent to one account, or asked for from one address, before a pause.

    `full_at` is when the bucket will be full again; each code moves it on. No carrier: an address on the internet asks
    all.
    """

    key = models.TextField(primary_key=True, help_text="HMAC of what is limited: no address stands here in clear.")
    full_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"bucket {self.key[:8]}"


class HelpState(models.TextChoices):
    OPEN = "open"
    ANSWERED = "answered"


class HelpOutcome(models.TextChoices):
    """What came of a request for help."""

    NOTED = "noted"  # staff dealt with it and wrote down how
    CASE = "case"  # staff opened a case for the person


class HelpRequest(models.Model):
    """Somebody who got no code asks for a person. What they wrote is sealed: no search finds it, no dump shows it."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    reference = models.TextField(help_text='Such as "HR-7K3M-9QXA": names the request and opens nothing.')
    asked_at = models.DateTimeField(help_text="When it was asked: a case that comes of it may count from here.")
    promised_by = models.DateTimeField()
    language = models.TextField()
    sealed = models.BinaryField(help_text="What the person wrote; empty once it has been wiped.")
    state = models.TextField(choices=HelpState.choices, default=HelpState.OPEN)
    note = models.BinaryField(default=b"", help_text="What staff did, sealed too.")
    handled_by = models.TextField(blank=True, help_text='The actor who answered: "staff:7".')
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(choices=HelpOutcome.choices, blank=True, help_text="Empty while it is open.")
    case = models.TextField(blank=True, help_text="Reference of the case that came of it.")
    prepared = models.BinaryField(
        default=b"", help_text="Whom staff identified, how, and what they want to open for them; sealed, wiped with it."
    )
    prepared_by = models.TextField(blank=True, help_text='Who identified the person: "staff:7".')
    prepared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "reference"], name="help_request_reference")]
        indexes = [
            models.Index(fields=["carrier", "promised_by"], name="help_request_open", condition=models.Q(state="open"))
        ]

    def __str__(self) -> str:
        return self.reference


class Passkey(models.Model):
    """One passkey of a subscriber, as their device made it. No secret: the private key never comes here."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="passkeys")
    host = models.TextField(help_text="The relying party: passkeys of one host work under no other.")
    credential_id = models.BinaryField()
    credential = models.BinaryField(help_text="Attested credential data: make, id and public key (WebAuthn 6.5.1).")
    sign_count = models.BigIntegerField(help_text="Uses as the device counts them; 0 for ever where it does not.")
    label = models.TextField(blank=True, help_text="What the person calls it.")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    doubted_at = models.DateTimeField(
        null=True, blank=True, help_text="When its count went back: it may have been copied, and opens nothing since."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "credential_id"], name="passkey_credential")]

    def __str__(self) -> str:
        return f"passkey {self.pk}"


class PasskeyDeclined(models.Model):
    """A subscriber wants to hear no more of passkeys. They can still have one."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    subscriber = models.OneToOneField(Subscriber, on_delete=models.CASCADE, related_name="+")
    declined_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"no passkeys for subscriber {self.subscriber_id}"
