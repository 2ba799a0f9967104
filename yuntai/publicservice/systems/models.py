"""Connected systems as the platform keeps them: facts, keys, history, trial; and who watches what."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yuntai.publicservice.systems.reasons import REASONS


class State(models.TextChoices):
    """Where a system stands.  Only a connected one exchanges messages."""

    TRIAL = "trial", "对接测试中"
    CONNECTED = "connected", "已对接"
    SUSPENDED = "suspended", "已暂停"
    REFUSED = "refused", "未予对接"


class ConnectedSystem(models.Model):
    """One system.

    industry: "" for kind "connected".  region_code: includes what lies below.  url: "" when it only sends.
    responsible: [{"name", "duty"}], published by law.
    listed: the platform's own deployment lists it, so that nobody had to enter it.
    version: of what other systems are told; 0 until they were told anything.
    """

    code = models.CharField(max_length=50, unique=True)
    title = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    industry = models.CharField(max_length=50, blank=True)
    region_code = models.CharField(max_length=6)
    url = models.CharField(max_length=300, blank=True)
    operator_code = models.CharField(max_length=18, blank=True)
    operator_name = models.CharField(max_length=200, blank=True)
    responsible = models.JSONField(default=list)
    listed = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State)
    version = models.PositiveIntegerField(default=0)
    entered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="system_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="system_kind_known", condition=Q(kind__in=["trading", "supervision", "connected"])
            ),
        ]

    def __str__(self) -> str:
        return self.code


class SystemKey(models.Model):
    """One signing key of a system; a key is one system's for good.

    public_key: Ed25519, base64url.  nonce: the challenge, 32 hex digits.
    certificate, signature: of the operator's person, over the entry; possession: the key's own signature over
    the challenge; "" until given.
    valid_from: null until both are there.  valid_until: null while it is the present one.
    """

    system = models.ForeignKey(ConnectedSystem, models.PROTECT, related_name="keys")
    number = models.PositiveSmallIntegerField()
    public_key = models.CharField(max_length=43, unique=True)
    nonce = models.CharField(max_length=32, blank=True)
    certificate = models.TextField(blank=True)
    signature = models.CharField(max_length=100, blank=True)
    possession = models.CharField(max_length=100, blank=True)
    made_at = models.DateTimeField()
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="system_key_once", fields=["system", "number"]),
            models.UniqueConstraint(
                name="system_key_one_present",
                fields=["system"],
                condition=Q(valid_from__isnull=False, valid_until=None),
            ),
            models.CheckConstraint(
                name="system_key_ends_after_it_begins",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system_id}/{self.number}"


class SystemTurn(models.Model):
    """A change of a system's state, public for good: who turned it, when, why.

    reason: key of REASONS, with its clause; "" where none is needed.  detail: what was found, in words.
    """

    append_only: ClassVar[bool] = True

    system = models.ForeignKey(ConnectedSystem, models.PROTECT, related_name="turns")
    state = models.CharField(max_length=10, choices=State)
    reason = models.CharField(max_length=40, blank=True)
    clause = models.CharField(max_length=60, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="system_turn_reason_listed", condition=Q(reason__in=["", *sorted(REASONS)])
            ),
            models.CheckConstraint(
                name="system_turn_against_it_has_a_reason",
                condition=~Q(state__in=[State.SUSPENDED, State.REFUSED]) | ~Q(reason="") & ~Q(clause=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system_id}/{self.state}"


class Trial(models.Model):
    """The stream of trial messages of one system; none of them is stored, acted upon or passed on.

    answered: the receipt of each message, in order.  repeated: how often one came again.
    offered: the message that the system must receive.
    """

    system = models.OneToOneField(ConnectedSystem, models.PROTECT, related_name="trial")
    answered = models.JSONField(default=list)
    repeated = models.PositiveIntegerField(default=0)
    offered = models.JSONField()

    def __str__(self) -> str:
        return f"{self.system_id}"


class TestPassed(models.Model):
    """A technical test that a system passed.  test: code of one of the TESTS."""

    __test__ = False  # no test class of pytest's

    system = models.ForeignKey(ConnectedSystem, models.PROTECT, related_name="tests_passed")
    test = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="system_test_once", fields=["system", "test"]),
        ]

    def __str__(self) -> str:
        return f"{self.system_id}/{self.test}"


class SupervisedArea(models.Model):
    """A row of the routing table: a supervision system gets what happens in this industry and region.

    industry: "" for every one.  region_code: includes what lies below; "" for everywhere.
    """

    system = models.ForeignKey(ConnectedSystem, models.PROTECT, related_name="areas")
    industry = models.CharField(max_length=50, blank=True)
    region_code = models.CharField(max_length=6, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="supervised_area_once", fields=["system", "industry", "region_code"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system_id}/{self.industry}/{self.region_code}"


class TenderPlace(models.Model):
    """Where a registered tender is, so that its later messages, which do not say it, find their authority."""

    author = models.CharField(max_length=50)
    tender_code = models.CharField(max_length=50)
    region_code = models.CharField(max_length=6)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="tender_place_once", fields=["author", "tender_code"]),
        ]

    def __str__(self) -> str:
        return f"{self.author}/{self.tender_code}"
