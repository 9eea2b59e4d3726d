"""Addresses of objectives, events, groups, places and trips."""

from __future__ import annotations

from django.urls import path

from kithbook.web import events, groups, objectives, places

urlpatterns = [
    path("objectives", objectives.page, name="objectives"),
    path("objectives/add", objectives.add, name="objective_add"),
    path("objectives/<str:objective>", objectives.show, name="objective"),
    path("objectives/<str:objective>/edit", objectives.edit, name="objective_edit"),
    path("objectives/<str:objective>/link", objectives.link, name="objective_link"),
    path("objectives/<str:objective>/unlink", objectives.unlink, name="objective_unlink"),
    path("objectives/<str:objective>/helper", objectives.helper, name="objective_helper"),
    path("objectives/<str:objective>/reach", objectives.reach, name="objective_reach"),
    path("objectives/<str:objective>/drop", objectives.drop, name="objective_drop"),
    path("objectives/<str:objective>/reopen", objectives.reopen, name="objective_reopen"),
    path("outcomes/add", objectives.add_outcome, name="outcome_add"),
    path("outcomes/<str:outcome>/drop", objectives.drop_outcome, name="outcome_drop"),
    path("people/<str:person>/roles/give", objectives.give_role, name="role_give"),
    path("people/<str:person>/roles/take", objectives.take_role, name="role_take"),
    path("events", events.page, name="events"),
    path("events/add", events.add, name="event_add"),
    path("events/<str:event>", events.show, name="event"),
    path("events/<str:event>/edit", events.edit, name="event_edit"),
    path("events/<str:event>/drop", events.drop, name="event_drop"),
    path("events/<str:event>/names", events.read, name="event_read"),
    path("events/<str:event>/roster", events.roster, name="event_roster"),
    path("events/<str:event>/leave", events.leave_out, name="event_leave_out"),
    path("events/<str:event>/talk", events.encounter, name="event_encounter"),
    path("events/<str:event>/untalk", events.take_back, name="event_take_back"),
    path("groups", groups.page, name="groups"),
    path("groups/add", groups.add, name="group_add"),
    path("groups/<str:group>", groups.show, name="group"),
    path("groups/<str:group>/edit", groups.edit, name="group_edit"),
    path("groups/<str:group>/join", groups.join, name="group_join"),
    path("groups/<str:group>/leave", groups.leave, name="group_leave"),
    path("groups/<str:group>/give", groups.give, name="group_give"),
    path("places", places.page, name="places"),
    path("places/home", places.home, name="home_place"),
    path("trips/add", places.add_trip, name="trip_add"),
    path("trips/<str:trip>", places.trip, name="trip"),
    path("trips/<str:trip>/edit", places.edit_trip, name="trip_edit"),
    path("trips/<str:trip>/drop", places.drop_trip, name="trip_drop"),
    path("trips/<str:trip>/keep", places.keep, name="trip_keep"),
]
