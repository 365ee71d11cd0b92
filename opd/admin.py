"""The admin only looks: every change goes through an action with its ledger entry."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from opd.models import Government, StandingFact, Unit, UnitImport, UnitKindRule, UnitSuccession


class LookOnly(admin.ModelAdmin):
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Government)
class GovernmentAdmin(LookOnly):
    list_display = ["code", "kind", "name", "slug"]
    search_fields = ["name", "code"]


@admin.register(Unit)
class UnitAdmin(LookOnly):
    list_display = ["pk", "government", "kind", "name", "code", "active_from", "active_to"]
    list_filter = ["kind"]
    list_select_related = ["government"]
    search_fields = ["names__name", "code"]


@admin.register(UnitSuccession)
class UnitSuccessionAdmin(LookOnly):
    list_display = ["pk", "government", "predecessor", "successor", "kind", "happened_on"]
    list_select_related = ["government", "predecessor", "successor"]


@admin.register(UnitKindRule)
class UnitKindRuleAdmin(LookOnly):
    list_display = ["government", "unit_kind", "counts", "covers_below"]
    list_select_related = ["government"]


@admin.register(StandingFact)
class StandingFactAdmin(LookOnly):
    list_display = ["government", "unit", "year", "key", "value"]
    list_select_related = ["government", "unit"]


@admin.register(UnitImport)
class UnitImportAdmin(LookOnly):
    list_display = ["pk", "government", "state", "row_count", "made_at", "expires_at"]
    list_select_related = ["government"]
    exclude = ["rows", "reasons"]
