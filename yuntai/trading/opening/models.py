"""The closed set of bids, the holders' shares, and what came out of the envelopes."""

from typing import ClassVar

from django.db import models


class Outcome(models.TextChoices):
    """What became of an envelope (Decree 20 art. 31)."""

    OPENED = "opened", "已解密"
    BIDDER_FAULT = "bidder-fault", "投标人原因未解密，视为撤销"
    PLATFORM_FAULT = "platform-fault", "非投标人原因未解密，视为撤回"


class ActFault(models.TextChoices):
    """What is wrong with a sealed act at the opening."""

    DID_NOT_OPEN = "did-not-open", "未能打开"
    DOES_NOT_MATCH = "does-not-match", "与操作留痕中的承诺不符"


class BidSetClose(models.Model):
    """The set of bids fixed at the deadline: the holders release shares of this set and of no other.

    root: Merkle root over the envelopes; statement, signature: this system's signed word on it.
    """

    append_only: ClassVar[bool] = True

    lot = models.OneToOneField("tenders.Lot", models.PROTECT, related_name="bid_set_close")
    closed_at = models.DateTimeField()
    count = models.IntegerField()
    root = models.CharField(max_length=64)
    statement = models.JSONField()
    signature = models.CharField(max_length=100)

    def __str__(self) -> str:
        return str(self.lot_id)


class ShareRelease(models.Model):
    """One holder's shares for all envelopes of a lot, in its signed statement.

    A holder may release again while some of its shares do not fit; its newest release stands, the older ones
    are kept.  misfits: "<envelope id>:<part>" of each share that does not fit the bidder's commitment, is
    missing or was called unreadable; whose fault that is, only the opening can tell.
    """

    append_only: ClassVar[bool] = True

    lot = models.ForeignKey("tenders.Lot", models.PROTECT, related_name="share_releases")
    letter = models.CharField(max_length=1)
    statement = models.JSONField()
    signature = models.CharField(max_length=100)
    received_at = models.DateTimeField()
    misfits = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.lot_id}/{self.letter}"


class StaysSealed(models.TextChoices):
    """Why an attempt to open left the lot sealed."""

    SHARES_LACKING = "shares-lacking", "份额不足，等待其余保管方"
    NOTHING_OPENS = "nothing-opens", "没有一份能够打开，属异常情况"
    SET_CHANGED = "set-changed", "密封包集合与封标时不一致"


class FailedOpening(models.Model):
    """An attempt to open that left every bid of the lot sealed; stored when it differs from the last one.

    letters: whose releases were at hand.  doubtful: letters with a share that did not fit.
    sentence: for everyone to read; it tells neither names nor numbers of bidders.
    """

    append_only: ClassVar[bool] = True

    lot = models.ForeignKey("tenders.Lot", models.PROTECT, related_name="failed_openings")
    tried_at = models.DateTimeField()
    why = models.CharField(max_length=20, choices=StaysSealed)
    letters = models.CharField(max_length=4)
    doubtful = models.CharField(max_length=4, blank=True)
    sentence = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"{self.lot_id}/{self.why}"


class Opening(models.Model):
    """The opening (开标) of one lot.

    letters: whose shares were used.  holder_faults: envelope id to the letters whose share was wrong.
    act_faults: id of a sealed act to `ActFault`, for those that did not come out as they were committed to.
    """

    append_only: ClassVar[bool] = True

    lot = models.OneToOneField("tenders.Lot", models.PROTECT, related_name="opening")
    opened_at = models.DateTimeField()
    letters = models.CharField(max_length=4)
    holder_faults = models.JSONField(default=dict)
    act_faults = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.lot_id)


class OpenedBid(models.Model):
    """What one envelope held, or why it could not be opened.

    form: the bid form as signed by the bidder; {} when it did not open.  bidder_name: as in the certificate
    that signed, whatever the form says.
    key: the envelope's content key in hex, which decrypts its ciphertext; neither is given out yet.
    """

    append_only: ClassVar[bool] = True

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="bids")
    envelope = models.OneToOneField("bids.Envelope", models.PROTECT, related_name="opened")
    outcome = models.CharField(max_length=15, choices=Outcome)
    fault = models.CharField(max_length=300, blank=True)
    bidder_code = models.CharField(max_length=18, blank=True)
    bidder_name = models.CharField(max_length=200, blank=True)
    price_yuan = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    duration_days = models.IntegerField(null=True)
    form = models.JSONField(default=dict)
    key = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.opening_id}/{self.bidder_code}"
