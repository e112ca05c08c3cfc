"""The site map. Every address of the product is under one of these lines."""

from csp.decorators import csp_update
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from casework import health, origins, violations

# The pictures of the library's own style sheet are written into it as data:.
calls_page = csp_update({"img-src": ["data:"]})(SpectacularSwaggerSplitView.as_view(url_name="api:schema"))

api: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", calls_page, name="docs"),
    path("", include("casework.people.api_urls")),
    path("", include("casework.recovery.api_urls")),
    path("", include("casework.cases.api_urls")),
    path("", include("casework.exhibits.api_urls")),
    path("", include("casework.audit.api_urls")),
    path("", include("casework.accounts.api_urls")),
    path("", include("casework.channels.api_urls")),
    path("", include("casework.campaigns.api_urls")),
    path("", include("casework.posts.api_urls")),
    path("", include("casework.findings.api_urls")),
    path("", include("casework.coordination.api_urls")),
    path("", include("casework.takedowns.api_urls")),
    path("", include("casework.worklist.api_urls")),
    path("", include("casework.exchange.api_urls")),
    path("", include("casework.timeline.api_urls")),
    path("", include("casework.network.api_urls")),
    path("", include("reports.dossiers.api_urls")),
    path("", include("reports.bags.api_urls")),
    path("", include("reports.releases.api_urls")),
    path("", include("reports.desk.api_urls")),
]

handler400 = "casework.middleware.malformed"
handler403 = "casework.middleware.forbidden"
handler404 = "casework.middleware.not_found"
handler500 = "casework.middleware.failed"

urlpatterns = [
    path("", include("reports.desk.urls")),
    path("accounts/", include("casework.people.sign_in_urls")),
    path("", include("casework.people.urls")),
    path("people/", include("casework.cases.leaving_urls")),
    path("", include("casework.audit.urls")),
    path("cases/", include("casework.cases.urls")),
    path("cases/<str:ref>/evidence/", include("casework.exhibits.urls")),
    path("cases/<str:ref>/accounts/", include("casework.accounts.urls")),
    path("cases/<str:ref>/channels/", include("casework.channels.urls")),
    path("cases/<str:ref>/campaigns/", include("casework.campaigns.urls")),
    path("listings/", include("casework.campaigns.listing_urls")),
    path("platforms/", include("casework.takedowns.reference_urls")),
    path("cases/<str:ref>/posts/", include("casework.posts.urls")),
    path("cases/<str:ref>/findings/", include("casework.findings.urls")),
    path("cases/<str:ref>/coordination/", include("casework.coordination.urls")),
    path("cases/<str:ref>/takedowns/", include("casework.takedowns.urls")),
    path("cases/<str:ref>/tasks/", include("casework.worklist.urls")),
    path("cases/<str:ref>/exchange/", include("casework.exchange.urls")),
    path("cases/<str:ref>/timeline/", include("casework.timeline.urls")),
    path("cases/<str:ref>/network/", include("casework.network.urls")),
    path("cases/<str:ref>/reports/", include("reports.dossiers.urls")),
    path("cases/<str:ref>/reports/", include("reports.bags.urls")),
    path("cases/<str:ref>/reports/", include("reports.releases.urls")),
    path("recovery/", include("casework.recovery.urls")),
    path("log/", include("casework.exhibits.log_urls")),
    path("api/v1/", include((api, "api"))),
    path(origins.REPORTS.removeprefix("/"), violations.report, name="csp-report"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
