"""Under which address is which page for a line at another carrier?"""

from __future__ import annotations

from django.urls import path

from tojimari.portal.views import guided, guided_more, guided_start, guided_steps

_CASE = "guide/cases/<str:reference>/"

guided_patterns = [
    path("guide/start/", guided_start.start, name="guided_start"),
    path("guide/start/<slug:carrier_id>/", guided_start.kind, name="guided_kind"),
    path("guide/start/<slug:carrier_id>/<slug:line_kind>/", guided_start.ask, name="guided_questions"),
    path("guide/plan/", guided_start.show, name="guided_plan"),
    path("guide/plan/keep/", guided_start.keep_plan, name="guided_keep"),
    path("guide/case/", guided.find, name="guided_find"),
    path("guide/case/mine/", guided_start.mine, name="guided_mine"),
    path("guide/case/gone/", guided.gone, name="guided_gone"),
    path(f"{_CASE}open/<str:token>/", guided.open_link, name="guided_open"),
    path(_CASE, guided.case, name="guided_case"),
    path(f"{_CASE}anew/", guided.anew, name="guided_anew"),
    path(f"{_CASE}end/", guided.end, name="guided_end"),
    path(f"{_CASE}leave/", guided.leave, name="guided_leave"),
    path(f"{_CASE}record.json", guided.record, name="guided_record"),
    path(f"{_CASE}calendar.ics", guided.calendar_file, name="guided_calendar"),
    path(f"{_CASE}steps/<int:number>/", guided_steps.step, name="guided_step"),
    path(f"{_CASE}steps/<int:number>/deadline.ics", guided.calendar_file, name="guided_step_calendar"),
    path(f"{_CASE}evidence/<int:evidence_id>/", guided_steps.picture, name="guided_picture"),
    path(f"{_CASE}evidence/<int:evidence_id>/remove/", guided_steps.remove, name="guided_evidence_remove"),
    path(f"{_CASE}reminders/", guided_more.reminders, name="guided_reminders"),
    path(f"{_CASE}charged/", guided_more.charged, name="guided_charged"),
    path(f"{_CASE}complaint/", guided_more.complain, name="guided_complaint"),
]
