"""Under which address is which page of the portal?"""

from __future__ import annotations

from django.urls import path

from tojimari.portal.views import (
    cases,
    changing,
    chooser,
    closing,
    demo,
    entry,
    find,
    front,
    genuine,
    help,
    lines,
    not_listed,
    outage,
    stopping,
    verify,
    whatif,
)

app_name = "portal"

urlpatterns = [
    path("", front.front, name="front"),
    path("is-it-real/", genuine.genuine, name="genuine"),
    path("which-kind/", chooser.chooser, name="chooser"),
    path("another-carrier/", not_listed.not_listed, name="not_listed"),
    path("sign-in/", entry.sign_in, name="sign_in"),
    path("sign-in/code/", entry.code, name="code"),
    path("sign-in/code/again/", entry.code_again, name="code_again"),
    path("sign-in/help/", help.help_in, name="help_in"),
    path("sign-in/help/person/", help.help_person, name="help_person"),
    path("sign-in/help/asked/", help.help_asked, name="help_asked"),
    path("sign-out/", entry.sign_out, name="sign_out"),
    path("lines/", lines.lines, name="lines"),
    path("lines/<int:line_id>/if-not/", whatif.whatif, name="whatif"),
    path("lines/<int:line_id>/close/", closing.close, name="close"),
    path("lines/<int:line_id>/close/confirm/", closing.close_confirm, name="close_confirm"),
    path("keep-number/", closing.keep_number, name="keep_number"),
    path("lines/<int:line_id>/roaming/", closing.roaming, name="roaming"),
    path("lines/<int:line_id>/roaming/confirm/", closing.roaming_confirm, name="roaming_confirm"),
    path("case/", find.find_case, name="find_case"),
    path("case/<str:reference>/open/<str:token>/", find.open_case, name="open_case"),
    path("cases/<str:reference>/", cases.case, name="case"),
    path("cases/<str:reference>/now/", cases.case_now, name="case_now"),
    path("cases/<str:reference>/receipt/", cases.receipt, name="receipt"),
    path("cases/<str:reference>/receipt.json", cases.receipt_as_file, name="receipt_file"),
    path("cases/<str:reference>/certificate.json", cases.certificate, name="certificate"),
    path("cases/<str:reference>/stop/", stopping.stop, name="stop"),
    path("cases/<str:reference>/calendar.ics", cases.calendar_file, name="calendar_file"),
    path("cases/<str:reference>/saved-code/", cases.new_saved_code, name="new_saved_code"),
    path("cases/<str:reference>/change/", changing.change_date, name="change_date"),
    path("cases/<str:reference>/withdraw/", changing.withdraw, name="withdraw"),
    path("outage/", outage.take, name="outage"),
    path("outage/receipt/", outage.receipt, name="outage_receipt"),
    path("late/<str:reference>/", outage.late, name="late"),
    path("verify/", verify.verify, name="verify"),
    path("keys.json", verify.keys, name="keys"),
    path("demo/messages/", demo.messages, name="demo_messages"),
]
