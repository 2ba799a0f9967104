"""Addresses of the trading system's pages."""

from django.urls import URLPattern, path

from yuntai.trading.pages import (
    awarding,
    bid,
    candidates,
    checks,
    contract,
    desk,
    documents,
    draft,
    evaluation,
    home,
    new_project,
    new_tender,
    opening,
    publish,
    tender,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("desk", desk.desk, name="desk"),
    path("projects/new", new_project.new_project, name="new-project"),
    path("tenders/new", new_tender.new_tender, name="new-tender"),
    path("tenders/new/autosave", new_tender.autosave, name="new-tender-autosave"),
    path("tenders/<str:code>", tender.tender, name="tender"),
    path("tenders/<str:code>/check", checks.check, name="tender-check"),
    path("tenders/<str:code>/draft", draft.draft, name="draft"),
    path("tenders/<str:code>/documents", draft.add_documents, name="draft-documents"),
    path("tenders/<str:code>/readiness", draft.readiness, name="draft-readiness"),
    path("tenders/<str:code>/notice", draft.word_notice, name="draft-notice"),
    path("tenders/<str:code>/publish", publish.publish, name="publish"),
    path("documents/<str:sha256>/<str:name>", documents.document, name="document"),
    path("lots/<str:code>/bid", bid.bid, name="bid"),
    path("lots/<str:code>/bid/receipt", bid.receipt, name="bid-receipt"),
    path("lots/<str:code>/bid/withdrawal", bid.withdrawal, name="bid-withdrawal"),
    path("lots/<str:code>/opening", opening.hall, name="opening"),
    path("lots/<str:code>/opening/now", opening.hall_inside, name="opening-inside"),
    path("lots/<str:code>/evaluation", evaluation.evaluation, name="evaluation"),
    path("lots/<str:code>/candidates", candidates.candidates, name="candidates"),
    path("lots/<str:code>/award", awarding.awarding, name="award"),
    path("lots/<str:code>/contract", contract.contract, name="contract"),
    path("lots/<str:code>/contract/draft", contract.draw_up, name="contract-draft"),
    path("lots/<str:code>/contract/signature", contract.sign, name="contract-signature"),
]
