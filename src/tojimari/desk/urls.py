"""Under which address is which page of the desk?"""

from __future__ import annotations

from django.urls import path

from tojimari.desk import (
    as_customer,
    audit,
    bags,
    counter,
    counter_case,
    files,
    help,
    late,
    overview,
    reviews,
    roles,
    second_factor,
    settings,
    stuck,
    views,
)

app_name = "desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("counter/", counter.counter_today, name="counter"),
    path("counter/bags/", bags.stock, name="bags"),
    path("counter/bags/<slug:shop>/<int:number>/", bags.hand_over_list, name="hand_over_list"),
    path("counter/bags/<slug:shop>/<int:number>/list.csv", bags.hand_over_file, name="hand_over_file"),
    path("counter/<str:reference>/", counter_case.counter_case, name="counter_case"),
    path("counter/<str:reference>/form/", counter_case.counter_paper, name="counter_paper"),
    path("counter/<str:reference>/visit/", counter_case.counter_visit, name="counter_visit"),
    path("counter/<str:reference>/queue/", counter.counter_queue, name="counter_queue"),
    path("counter/<str:reference>/missed/", counter.counter_missed, name="counter_missed"),
    path("audit/", audit.audit, name="audit"),
    path("audit/looks.csv", audit.audit_file, name="audit_file"),
    path("files/", files.files, name="files"),
    path("files/<str:reference>/", files.file_decide, name="file_decide"),
    path("find/", views.find, name="find"),
    path("late/", late.late, name="late"),
    path("overview/", overview.overview, name="overview"),
    path("overview/figures.csv", overview.overview_csv, name="overview_csv"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/next/", reviews.review_next, name="review_next"),
    path("reviews/<int:step_id>/", reviews.review, name="review"),
    path("reviews/<int:step_id>/take/", reviews.review_take, name="review_take"),
    path("roles/", roles.roles, name="roles"),
    path("second-factor/", second_factor.second_factor, name="second_factor"),
    path("settings/", settings.settings, name="settings"),
    path("settings/procedures/<slug:kind>/", settings.procedure, name="procedure"),
    path("stuck/", stuck.stuck, name="stuck"),
    path("steps/<int:step_id>/", views.step, name="step"),
    path("steps/<int:step_id>/hand-over/", stuck.handover, name="hand_over"),
    path("steps/<int:step_id>/retry/", views.retry, name="retry"),
    path("help/<str:reference>/", help.help_request, name="help"),
    path("cases/<str:reference>/", views.case, name="case"),
    path("cases/<str:reference>/as-customer/", as_customer.as_customer, name="as_customer"),
    path("cases/<str:reference>/hold/", views.hold, name="hold"),
    path("cases/<str:reference>/resume/", views.resume, name="resume"),
    path("cases/<str:reference>/reject/", views.reject, name="reject"),
    path("cases/<str:reference>/take-back/", stuck.take_back, name="take_back"),
]
