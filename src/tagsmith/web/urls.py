"""The pages' addresses."""

from django.urls import path

from tagsmith.web.views import (
    assets,
    design,
    files,
    health,
    home,
    language,
    library,
    people,
    reports,
    search,
    setup,
    sign_in,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("library/", library.library, name="library"),
    path("folders/<int:folder_id>/", library.folder, name="library-folder"),
    path("assets/<int:asset_id>/", assets.asset, name="asset"),
    path("assets/<int:asset_id>/preview/", files.preview, name="preview"),
    path("assets/<int:asset_id>/original/", files.original, name="original"),
    path("search/", search.search, name="search"),
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("language/", language.language, name="language"),
    path("setup/<str:token>/", setup.setup, name="setup"),
    path("health/", health.health, name="health"),
    path("reports/", reports.console, name="reports"),
    path("reports/<int:report_id>/", reports.report, name="reports-report"),
    path("reports/<int:report_id>.<str:form>", reports.download, name="reports-download"),
    path("reports/<int:report_id>/delete/", reports.delete, name="reports-delete"),
    path("people/", people.people_list, name="people"),
    path("people/<int:person_id>/", people.person, name="people-person"),
    path("people/<int:person_id>/switch/", people.switch, name="people-switch"),
    path("people/<int:person_id>/folders/<int:grant_id>/revoke/", people.revoke_folder, name="people-revoke"),
    path("design/", design.design, name="design"),
]
