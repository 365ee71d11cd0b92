"""Reads the facts of the public page, through the queries of the apps below."""

from datetime import date

from assessments.queries.public_facts import declared_units, standing_predicates
from complaints.queries.public_figures import answered_in_time
from opd.enums import ServiceChannel
from opd.models import Government
from opd.queries.directives import kept_promises
from opd.queries.places import coverage
from opd.queries.services import government_overview
from reports.suppression import protect
from reports.transparency import Facts, volume_of


def facts_of(government: Government, *, today: date) -> Facts:
    """Eight queries, however much there is."""
    government_id = government.pk
    services = government_overview(government_id, today=today)
    complaints = answered_in_time(government_id, today=today)
    declared = declared_units(government_id)
    share = services.share
    return Facts(
        declared=declared,
        predicates=standing_predicates(government_id),
        services=len(services.services),
        online=services.count(ServiceChannel.ONLINE),
        hybrid=services.count(ServiceChannel.HYBRID),
        volume=volume_of(share.online, share.total),
        months=share.months,
        complaints=protect(complaints.parts),
        since=complaints.since,
        until=complaints.until,
        as_of=complaints.as_of,
        promises=kept_promises(government, today),
        posters=coverage(government_id, today=today),
        is_sample=bool(complaints.samples)
        or any(row.is_sample for row in declared)
        or any(row.service.is_sample for row in services.services),
    )
