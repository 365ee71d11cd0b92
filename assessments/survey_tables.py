"""Tables of surveys that leave the portal: lists and results, never a raw answer, never the few."""

import io
from collections.abc import Iterable

import xlsxwriter
from django.utils.translation import gettext as _

from assessments.queries.surveys import Page, Row, period_text
from assessments.survey_results import Group, Result
from integrity_portal.core.formatting import number_id


def of_rounds(rows: Iterable[Row]) -> tuple[list[str], list[list[str]]]:
    head = [
        _("Unit"),
        _("Survey"),
        _("Period"),
        _("State"),
        _("Answers"),
        _("Needed"),
        _("Index"),
        _("Quality"),
        _("Change"),
        _("Sample"),
    ]
    return head, [
        [
            row.round.unit.name,
            row.round.survey,
            period_text(row.round.year, row.round.quarter),
            str(row.round.get_state_display()),
            str(row.reached),
            str(row.needed.number),
            "" if row.index is None else number_id(row.index),
            row.band,
            "" if row.change is None else number_id(row.change),
            _("sample") if row.round.is_sample else "",
        ]
        for row in rows
    ]


def of_result(page: Page) -> tuple[list[str], list[list[str]]]:
    """One line per figure: what it is about, its name, the figure, how many gave it."""
    result, round = page.result, page.round
    head = [_("Part"), _("Name"), _("Value"), _("Answers")]
    if result is None or not result.is_shown:
        few = _("fewer than %(number)d") % {"number": round.asked.smallest}
        return head, [[_("Index"), round.asked.index, "", few]]
    rows = [
        [_("Unit"), round.unit.name, "", ""],
        [_("Period"), period_text(round.year, round.quarter), "", ""],
        [_("Index"), result.survey.index, number_id(result.index), str(result.number)],
        [_("Quality"), result.band.code if result.band else "", "", ""],
        [_("Needed"), "", str(page.needed.number), ""],
        [_("Without proof, not counted"), "", "", str(result.apart)],
    ]
    for each in result.elements:
        mean = "" if each.mean is None else number_id(each.value)
        rows.append([_("Element"), f"{each.item.code} {each.item.title}", mean, ""])
    rows += [_of_group(_("Service"), group, result) for group in result.services]
    for profile in result.profile:
        part = str(profile.question.text)
        rows += [_of_group(part, group, result) for group in profile.groups]
    return head, rows


def _of_group(part: str, group: Group, result: Result) -> list[str]:
    index = "" if group.index is None else number_id(group.index)
    number = _("not shown") if group.number is None else str(group.number)
    return [part, group.name or _("Not said"), index, number]


def workbook(head: list[str], rows: list[list[str]]) -> bytes:
    """Every cell is a text: none becomes a formula."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True})
    sheet = book.add_worksheet("Survei")
    bold = book.add_format({"bold": True})
    for column, cell in enumerate(head):
        sheet.write_string(0, column, cell, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    sheet.set_column(0, 1, 40)
    sheet.set_column(2, 3, 16)
    sheet.freeze_panes(1, 0)
    book.close()
    return kept.getvalue()
