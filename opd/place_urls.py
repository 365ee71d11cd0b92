"""Places, posters and public meetings, inside opd's own addresses."""

from django.urls import path

from opd.views import meetings, place_imports, places, posters

PLACES = [
    path("places/", places.place_list, name="places"),
    path("places/list.csv", places.place_csv, name="place_csv"),
    path("places/add/", places.place_add, name="place_add"),
    path("places/<int:pk>/", places.place, name="place"),
    path("places/<int:pk>/edit/", places.place_edit, name="place_edit"),
    path("places/<int:pk>/active/", places.place_active, name="place_active"),
    path("places/<int:pk>/share/<slug:shape>.png", posters.share, name="place_share"),
    path("places/import/", place_imports.upload, name="place_import_upload"),
    path("places/import/empty.csv", place_imports.template, name="place_import_template"),
    path("places/import/<int:import_id>/", place_imports.preview, name="place_import"),
    path(
        "places/import/<int:import_id>/confirm/",
        place_imports.confirm,
        name="place_import_confirm",
    ),
    path(
        "places/import/<int:import_id>/discard/",
        place_imports.discard,
        name="place_import_discard",
    ),
    path(
        "places/import/<int:import_id>/refused.csv",
        place_imports.refused,
        name="place_import_refused",
    ),
    path("posters/make/", posters.make, name="posters_make"),
    path("posters/line/", posters.line, name="poster_line"),
    path("posters/<int:pk>/post/", posters.post, name="poster_post"),
    path("posters/<int:pk>/check/", posters.check, name="poster_check"),
    path("posters/photos/<str:public_id>/", posters.photo, name="poster_photo"),
]
MEETINGS = [
    path("meetings/", meetings.meeting_list, name="meetings"),
    path("meetings/add/", meetings.meeting_add, name="meeting_add"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/edit/", meetings.meeting_edit, name="meeting_edit"),
    path("meetings/<int:pk>/end/", meetings.meeting_end, name="meeting_end"),
    path("meetings/<int:pk>/card/", meetings.meeting_card, name="meeting_card"),
    path("meetings/<int:pk>/promise/", meetings.meeting_promise, name="meeting_promise"),
]
