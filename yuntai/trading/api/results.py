"""From the evaluation to the contract: translation only."""

from django.http import HttpRequest
from ninja import Router, Status

from yuntai.trading.api.auth import SessionAuth, caller_of
from yuntai.trading.api.schemas import CandidatesIn, ContractOut, Done, EvaluationIn, SignatureIn
from yuntai.trading.api.tenders import REFUSED
from yuntai.trading.awards import services as awards
from yuntai.trading.contracts import services as contracts
from yuntai.trading.contracts.models import Contract
from yuntai.trading.evaluating import services as evaluating
from yuntai.trust import clock

router = Router(tags=["results"], auth=SessionAuth())


@router.post(
    "/lots/{code}/evaluation",
    response={201: Done, **REFUSED},
    operation_id="submitEvaluation",
    summary="提交评标报告",
)
def submit_evaluation(request: HttpRequest, code: str, payload: EvaluationIn) -> Status[Done]:
    """Confirm the computed scoring."""
    now = clock.now()
    evaluating.submit_evaluation(lot_code=code, opinion=payload.opinion, caller=caller_of(request), now=now)
    return Status(201, Done(at=now))


@router.post(
    "/lots/{code}/candidates",
    response={201: Done, **REFUSED},
    operation_id="publishCandidates",
    summary="公示中标候选人",
)
def publish_candidates(request: HttpRequest, code: str, payload: CandidatesIn) -> Status[Done]:
    """Publish the candidates."""
    now = clock.now()
    awards.publish_candidates(lot_code=code, closes_at=payload.closes_at, caller=caller_of(request), now=now)
    return Status(201, Done(at=now))


@router.post("/lots/{code}/award", response={201: Done, **REFUSED}, operation_id="award", summary="定标")
def award(request: HttpRequest, code: str) -> Status[Done]:
    """Award the lot to the first candidate."""
    now = clock.now()
    awards.award(lot_code=code, caller=caller_of(request), now=now)
    return Status(201, Done(at=now))


@router.post(
    "/lots/{code}/contract",
    response={201: ContractOut, **REFUSED},
    operation_id="drawUpContract",
    summary="拟定合同",
)
def draw_up_contract(request: HttpRequest, code: str) -> Status[ContractOut]:
    """Draw up the contract."""
    contract = contracts.draw_up_contract(lot_code=code, caller=caller_of(request), now=clock.now())
    return Status(201, _contract_out(contract))


@router.post(
    "/lots/{code}/contract/signatures",
    response={201: ContractOut, **REFUSED},
    operation_id="signContract",
    summary="签署合同",
)
def sign_contract(request: HttpRequest, code: str, payload: SignatureIn) -> Status[ContractOut]:
    """Sign the contract for the caller's side."""
    contract = contracts.sign_contract(
        lot_code=code,
        certificate=payload.certificate,
        signature=payload.signature,
        caller=caller_of(request),
        now=clock.now(),
    )
    return Status(201, _contract_out(contract))


def _contract_out(contract: Contract) -> ContractOut:
    return ContractOut(
        code=contract.code,
        text=contract.text,
        sha256=contract.sha256,
        to_sign=contracts.to_sign(contract).decode(),
        signed_by=list(contract.signatures.order_by("signed_at").values_list("side", flat=True)),
    )
