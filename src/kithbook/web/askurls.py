"""Addresses of the right to ask and of thanks."""

from __future__ import annotations

from django.urls import path

from kithbook.web import asks, thanks

urlpatterns = [
    path("asks", asks.page, name="asks"),
    path("asks/record", asks.record, name="ask_record"),
    path("asks/plan", asks.plan, name="ask_plan"),
    path("asks/<str:ask>/outcome", asks.outcome, name="ask_outcome"),
    path("asks/<str:ask>/drop", asks.drop, name="ask_drop"),
    path("thanks", thanks.page, name="thanks"),
    path("thanks/referrals", thanks.referrals_page, name="referrals"),
    path("thanks/referrals/received", thanks.received, name="referral_received"),
    path("thanks/referrals/given", thanks.given, name="referral_given"),
    path("thanks/referrals/<str:referral>/outcome", thanks.outcome, name="referral_outcome"),
    path("thanks/doors", thanks.doors, name="doors"),
    path("thanks/<str:help_id>/thank", thanks.thank, name="thank"),
    path("thanks/<str:help_id>/report", thanks.report, name="thanks_report"),
]
