"""Under which address is which page of the portal?"""

from __future__ import annotations

from django.urls import path

from tojimari.portal.views import cases, chooser, closing, demo, entry, find, front, genuine, lines, not_listed, verify

app_name = "portal"

urlpatterns = [
    path("", front.front, name="front"),
    path("is-it-real/", genuine.genuine, name="genuine"),
    path("which-kind/", chooser.chooser, name="chooser"),
    path("another-carrier/", not_listed.not_listed, name="not_listed"),
    path("sign-in/", entry.sign_in, name="sign_in"),
    path("sign-in/code/", entry.code, name="code"),
    path("sign-in/code/again/", entry.code_again, name="code_again"),
    path("sign-out/", entry.sign_out, name="sign_out"),
    path("lines/", lines.lines, name="lines"),
    path("lines/<int:line_id>/close/", closing.close, name="close"),
    path("lines/<int:line_id>/close/confirm/", closing.close_confirm, name="close_confirm"),
    path("lines/<int:line_id>/roaming/", closing.roaming, name="roaming"),
    path("lines/<int:line_id>/roaming/confirm/", closing.roaming_confirm, name="roaming_confirm"),
    path("case/", find.find_case, name="find_case"),
    path("case/<str:reference>/open/<str:token>/", find.open_case, name="open_case"),
    path("cases/<str:reference>/", cases.case, name="case"),
    path("cases/<str:reference>/now/", cases.case_now, name="case_now"),
    path("cases/<str:reference>/receipt/", cases.receipt, name="receipt"),
    path("cases/<str:reference>/receipt.json", cases.receipt_as_file, name="receipt_file"),
    path("cases/<str:reference>/certificate.json", cases.certificate, name="certificate"),
    path("cases/<str:reference>/withdraw/", cases.withdraw, name="withdraw"),
    path("verify/", verify.verify, name="verify"),
    path("keys.json", verify.keys, name="keys"),
    path("demo/messages/", demo.messages, name="demo_messages"),
]
