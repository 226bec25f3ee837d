"""Where the dossiers are."""

from django.urls import path

from tejido.dossiers import building_views, fabric_views, reading_views, sharing_views, views

app_name = "dossiers"
urlpatterns = [
    path("", views.home, name="home"),
    path("fabric/<uuid:actor>/", views.actor, name="actor"),
    path("fabric/<uuid:actor>/incidents/", views.around, name="around"),
    path("fabric/<uuid:actor>/ties/", views.ties, name="ties"),
    path("fabric/<uuid:actor>/our-fabric/", fabric_views.our_fabric, name="our_fabric"),
    path("whole-fabric/", fabric_views.whole_fabric, name="whole_fabric"),
    path("patterns/", fabric_views.patterns, name="patterns"),
    path("fabric/<uuid:actor>/what-if/", fabric_views.what_if, name="what_if"),
    path("incidents/<uuid:incident>/", views.incident, name="incident"),
    path("incidents/<uuid:incident>/acts/", views.acts, name="acts"),
    path("territories/<uuid:territory>/", views.territory, name="territory"),
    path("dossiers/<uuid:dossier>/erase/", views.erase, name="erase"),
    path("dossiers/<uuid:dossier>/share/", sharing_views.share, name="share"),
    path("shared/", sharing_views.shared, name="shared"),
    path("shared/<uuid:dossier>/", sharing_views.shared_dossier, name="shared_dossier"),
    path("shared/<uuid:grant>/stop/", sharing_views.unshare, name="unshare"),
    path("building-up/", building_views.building, name="building"),
    path("readings/settings/", reading_views.reading_settings, name="reading_settings"),
    path("readings/settings/change/", reading_views.reading_settings_change, name="reading_settings_change"),
    path("readings/settings/back/", reading_views.reading_settings_back, name="reading_settings_back"),
    path("incidents/<uuid:incident>/touches/<uuid:actor>/wrong/", reading_views.wrong_affected, name="wrong_affected"),
    path("building-up/group/<uuid:actor>/wrong/", reading_views.wrong_actor, name="wrong_actor"),
    path("building-up/territory/<uuid:territory>/wrong/", reading_views.wrong_territory, name="wrong_territory"),
    path("patterns/<slug:key>/wrong/", reading_views.wrong_pattern, name="wrong_pattern"),
    path("readings/wrong/<uuid:objection>/take-back/", reading_views.wrong_take_back, name="wrong_take_back"),
    path("readings/notices/seen/", reading_views.notices_seen, name="notices_seen"),
    path("search/", views.search, name="search"),
    path("help/", views.help_page, name="help"),
]
