"""Pocket books: what they show, one or all of them, cancel and retry, and whose they are."""

import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from assessments.actions.booklets import (
    cancel_booklets,
    order_all_booklets,
    order_booklet,
    order_summary,
    record_booklets_taken,
    retry_booklets,
)
from assessments.actions.indicators import TargetRow, set_budget
from assessments.actions.plans import adopt_plan
from assessments.booklet_documents import address_of, may_read, may_read_summary
from assessments.booklets import GLOSSARY
from assessments.enums import Consolidation, NodeLevel
from assessments.models import Booklet, BookletRun, Measurement, Plan, PlanNode
from assessments.queries.booklet_pages import book_of, summary_of
from assessments.queries.booklets import progress_of, units_of_plan
from assessments.queries.plan_board import plan_board
from assessments.tests.factories_rpjmd import (
    NOW,
    TODAY,
    YEAR,
    give_targets,
    indicator_of,
    make_indicator,
    make_node,
    make_plan,
    plan_in_force,
    planner,
    report,
    sent,
    verified,
)
from integrity_portal.core import jobs
from integrity_portal.core.charts import Tone
from integrity_portal.core.documents import checks, merge, tasks
from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import Document, LedgerEntry
from integrity_portal.core.zip_streams import PIECE, zip_stream
from opd.enums import Role
from opd.models import Duty, Unit
from opd.tests.factories import UnitFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

PERIOD = (YEAR, 2)
A6_POINTS = (298, 420)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """The index lags and says why; people served were counted twice; nothing of the other unit."""
    Duty.objects.create(government=cast.home, unit=cast.unit, position=1, text="Melayani warga")
    plan = plan_in_force(cast)
    by = cast.offices[Role.OPD_OPERATOR]
    index, people = indicator_of(plan, "Indeks contoh"), indicator_of(plan, "Warga dilayani")
    verified(
        index,
        40,
        by=by,
        planner=planner(cast),
        quarter=2,
        obstacle="Petugas lapangan <kurang>",
        follow_up="Menambah petugas lapangan",
        follow_up_by="Kepala Bidang Pelayanan",
        follow_up_due=date(2026, 9, 30),
    )
    verified(people, 78, by=by, planner=planner(cast))
    return plan


def order(cast: Cast, plan: Plan, unit: Unit | None = None, **values: Any) -> Booklet:
    values = {"by": planner(cast), "period": PERIOD, **values}
    return order_booklet(plan=plan, unit=unit or cast.unit, now=NOW, today=TODAY, **values)


def order_all(cast: Cast, plan: Plan, **values: Any) -> BookletRun:
    values = {"by": planner(cast), "period": PERIOD, **values}
    return order_all_booklets(plan=plan, now=NOW, today=TODAY, **values)


def make(document: Document) -> bytes:
    tasks.render_document(pk=document.pk)
    document.refresh_from_db()
    assert document.job_state == JobState.DONE, document.last_error
    assert document.file is not None
    with default_storage.open(document.file.key) as file:
        return file.read()


def pages_of(data: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages]


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The chapters that WeasyPrint really renders (a spy, not a mock)."""
    seen: list[str] = []
    real = merge.part_of

    def spy(key: str, title: str, html: str) -> merge.Part:
        seen.append(key)
        return real(key, title, html)

    monkeypatch.setattr(merge, "part_of", spy)
    return seen


# --- what stands in it ---


def test_a_book_says_everything_in_plain_words(cast: Cast, plan: Plan) -> None:
    data = make(order(cast, plan).document)
    pages = pages_of(data)
    text = " ".join(pages)
    assert cast.unit.name in pages[0]
    assert "Triwulan II 2026" in pages[0]
    assert "RPJMD Contoh" in pages[0]
    assert "Melayani warga" in text
    for said in ("Misi 1", "Tujuan 1.1", "Sasaran 1.1.1", "Program 1.02.02"):
        assert said in text
    for said in ("Indeks contoh", "Warga dilayani", "IKU", "95", "■ Sangat rendah, 50,00 %"):
        assert said in text
    assert "Persentase dua" not in text
    # The lagging one, with what the unit wrote.
    for said in ("Petugas lapangan <kurang>", "Menambah petugas", "Kepala Bidang Pelayanan"):
        assert said in text
    assert "Paling lambat 30 September 2026" in text
    for word, _meaning in GLOSSARY:
        assert word in text
    assert address_of(cast.unit, cast.home) in text.replace(" ", "")
    assert "Hanya realisasi yang sudah diverifikasi" in text
    operator = cast.offices[Role.OPD_OPERATOR]
    assert operator.user.name not in text


def test_every_figure_says_up_to_which_quarter_it_is_verified(cast: Cast, plan: Plan) -> None:
    """People served and the money stop at the first quarter of a book about the second."""
    programme = indicator_of(plan, "Warga dilayani").node
    ceilings = [TargetRow(YEAR, 0, low=Decimal(1000))]
    budget = set_budget(node=programme, unit=cast.unit, rows=ceilings, by=planner(cast))
    verified(budget, 400, by=cast.offices[Role.OPD_OPERATOR], planner=planner(cast))
    text = " ".join(pages_of(make(order(cast, plan).document)))
    assert "Terverifikasi s.d. Triwulan I 2026: realisasi 78" in text
    assert "Terverifikasi s.d. Triwulan II 2026: realisasi 40" in text
    assert "40,00 % dari pagu. Terverifikasi s.d. Triwulan I 2026." in text
    assert "Terpakai sampai" not in text
    keys = " ".join(
        pages_of(
            make(order_summary(plan=plan, period=PERIOD, by=planner(cast), now=NOW, today=TODAY))
        )
    )
    assert "Terverifikasi s.d. Triwulan I 2026" in keys
    assert "Terverifikasi s.d. Triwulan II 2026" in keys


def test_it_is_a_booklet_of_the_size_a6_fit_for_an_archive(cast: Cast, plan: Plan) -> None:
    data = make(order(cast, plan).document)
    assert checks.check_pdf(data) == []
    reader = PdfReader(io.BytesIO(data))
    sizes = {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages}
    assert sizes == {A6_POINTS}
    total = len(reader.pages)
    for number, text in enumerate(pages_of(data), start=1):
        assert f"Halaman {number} dari {total}" in text
    # What cannot be found out from the book can be checked on its last page.
    assert "/verify/" in pages_of(data)[-1].replace(" ", "")


def test_what_nobody_wrote_is_asked_for(cast: Cast, plan: Plan) -> None:
    Measurement.objects.update(obstacle="", follow_up="", follow_up_by="", follow_up_due=None)
    text = " ".join(pages_of(make(order(cast, plan).document)))
    assert "Penyebab belum ditulis. Tulis di sini, lalu catat di portal." in text
    assert "Terobosan belum ditulis." in text
    assert "Belum ditunjuk." in text
    assert "Definisinya belum ditulis" in text


def test_only_verified_figures_and_nothing_after_the_period(cast: Cast, plan: Plan) -> None:
    people = indicator_of(plan, "Warga dilayani")
    sent(people, 999, by=cast.offices[Role.OPD_OPERATOR], quarter=2)
    second = book_of(plan, cast.unit, PERIOD, on=TODAY)
    page = next(page for page in second.pages if page.row == people)
    assert page.realised == "78\u00a0orang"
    assert (page.last, page.last_period) == ("78\u00a0orang", "Triwulan I 2026")
    first = book_of(plan, cast.unit, (YEAR, 1), on=TODAY)
    index = next(page for page in first.pages if page.row.is_iku)
    assert index.realised == "–"
    assert index.last == ""
    before = book_of(plan, cast.unit, (2025, 0), on=TODAY)
    assert [line.realised for line in before.pages[0].lines] == ["–", "", "", "", ""]


def test_drafts_are_the_units_own_words(cast: Cast, plan: Plan) -> None:
    Measurement.objects.update(obstacle="", follow_up="", follow_up_by="", follow_up_due=None)
    report(
        indicator_of(plan, "Indeks contoh"),
        None,
        by=cast.offices[Role.OPD_OPERATOR],
        quarter=1,
        obstacle="Belum dikirim",
    )
    (lag,) = book_of(plan, cast.unit, PERIOD, on=TODAY).lags
    assert lag.words is None


def test_a_year_that_will_be_missed_lags_before_it_is_judged(cast: Cast) -> None:
    """18 of the 20 that two quarters asked for is good; at this pace 36 of 80 is not."""
    by = planner(cast)
    plan = make_plan(cast)
    node = make_node(plan, None, NodeLevel.PROGRAMME, "1", by=by, owners=(cast.unit,))
    row = make_indicator(node, by=by, name="Rumah", unit=cast.unit, consolidation=Consolidation.SUM)
    give_targets(row, by=by, y2026="80", y2026q1="10", y2026q2="10")
    adopt_plan(plan=plan, on=date(2026, 1, 5), by=by, now=NOW)
    for quarter, value in ((1, 10), (2, 8)):
        verified(row, value, by=cast[Role.OPD_OPERATOR], planner=by, quarter=quarter)
    (page,) = book_of(plan, cast.unit, PERIOD, on=TODAY).pages
    assert page.light.tone == Tone.GOOD
    assert "36" in page.outlook
    assert [lag.page.row for lag in book_of(plan, cast.unit, PERIOD, on=TODAY).lags] == [row]
    # A year that is over is judged by what was reached alone.
    assert book_of(plan, cast.unit, (2025, 0), on=TODAY).lags == []


def test_lights_are_those_of_the_plans_page(cast: Cast, plan: Plan) -> None:
    board = plan_board(plan, year=YEAR, quarter=2, on=TODAY)
    book = book_of(plan, cast.unit, PERIOD, on=TODAY)
    theirs = {each.indicator.pk: each.achieved for each in board.of_unit(cast.unit)}
    assert {page.row.pk: page.reached.achieved for page in book.pages} == theirs


def test_a_unit_without_indicators_is_told_whom_to_ask(cast: Cast, plan: Plan) -> None:
    assert list(units_of_plan(plan, on=TODAY)) == [cast.other_unit, cast.unit]
    empty = UnitFactory(government=cast.home, name="Dinas Kosong")
    book = book_of(plan, empty, PERIOD, on=TODAY)
    assert (book.pages, book.lags, book.above) == ([], [], [])


def test_a_book_costs_the_same_for_more_indicators(cast: Cast, plan: Plan) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert book_of(plan, cast.unit, PERIOD, on=TODAY).counts
        return len(seen)

    first = queries()
    node = indicator_of(plan, "Warga dilayani").node
    for number in range(4):
        make_indicator(node, by=planner(cast), name=f"Lagi {number}", unit=cast.unit)
    assert queries() == first <= 8


# --- one unit ---


def test_nothing_changed_so_the_chapters_are_used_again(
    cast: Cast, plan: Plan, rendered: list[str]
) -> None:
    make(order(cast, plan).document)
    assert {"cover", "unit", "place", "indicators", "lags", "words", "back"} <= set(rendered)
    rendered.clear()
    again = order(cast, plan).document
    make(again)
    assert sorted(rendered) == ["closing", "contents"]
    first = Document.objects.order_by("pk")[0]
    assert again.content_hash == first.content_hash
    rendered.clear()
    # The index of words is the same for every unit.
    make(order(cast, plan, cast.other_unit).document)
    assert "words" not in rendered
    assert "indicators" in rendered


def test_pressing_twice_makes_one_document(cast: Cast, plan: Plan) -> None:
    assert order(cast, plan).document_id == order(cast, plan).document_id
    assert Document.objects.count() == 1


def test_units_have_the_books_of_their_branch(cast: Cast, plan: Plan) -> None:
    operator = cast.offices[Role.OPD_OPERATOR]
    own = order(cast, plan, by=operator).document
    with pytest.raises(PermissionDenied):
        order(cast, plan, cast.other_unit, by=operator)
    other = order(cast, plan, cast.other_unit).document
    assert may_read(operator, own)
    assert not may_read(operator, other)
    assert may_read(cast[Role.MAYOR], other)
    assert not may_read(cast[Role.TPN_REVIEWER], own)


def test_a_draft_has_no_books_and_a_quarter_that_runs_has_none(cast: Cast, plan: Plan) -> None:
    with pytest.raises(StepRefused):
        order(cast, make_plan(cast, title="Rancangan"))
    with pytest.raises(StepRefused):
        order(cast, plan, period=(YEAR, 3))
    with pytest.raises(StepRefused):
        order(cast, plan, period=(2031, 0))


# --- all units ---


def test_all_units_are_one_run_that_completes(cast: Cast, plan: Plan) -> None:
    run = order_all(cast, plan)
    assert [(row.unit_id) for row in run.booklets.order_by("unit__name")] == [
        cast.other_unit.pk,
        cast.unit.pk,
    ]
    seen = progress_of(run)
    assert (seen.total, seen.done, seen.is_moving) == (2, 0, True)
    for row in run.booklets.select_related("document"):
        make(row.document)
    seen = progress_of(run)
    assert (seen.total, seen.done, seen.is_moving, seen.lost) == (2, 2, False, 0)
    verbs = set(LedgerEntry.objects.values_list("verb", flat=True))
    assert {"booklets.ordered", "document.requested", "document.made"} <= verbs


def test_a_second_press_answers_the_run_that_is_being_made(cast: Cast, plan: Plan) -> None:
    first = order_all(cast, plan)
    assert order_all(cast, plan) == first
    assert order_all(cast, plan, period=(YEAR, 1)) != first
    for row in Booklet.objects.filter(run=first).select_related("document"):
        make(row.document)
    assert order_all(cast, plan) != first


def test_a_killed_worker_costs_only_time(cast: Cast, plan: Plan) -> None:
    """It had claimed the first document and was gone; the sweep finds it again."""
    run = order_all(cast, plan)
    first = run.booklets.order_by("pk")[0].document
    now = timezone.now()
    assert jobs.claim(Document.objects.all(), pk=first.pk, now=now) is not None
    tasks.render_document(pk=first.pk)
    assert first.pk not in tasks.due(now)
    assert progress_of(run).done == 0
    Document.objects.filter(pk=first.pk).update(claimed_until=now - timedelta(minutes=1))
    for pk in tasks.due(now):
        tasks.render_document(pk=pk)
    assert progress_of(run).done == 2


def test_a_run_is_called_off_and_tried_again(cast: Cast, plan: Plan) -> None:
    run = order_all(cast, plan)
    make(run.booklets.order_by("pk")[0].document)
    assert cancel_booklets(run=run, by=planner(cast), now=NOW) == 1
    seen = progress_of(run)
    assert (seen.done, seen.cancelled, seen.is_moving) == (1, 1, False)
    assert retry_booklets(run=run, by=planner(cast), now=NOW) == 1
    assert progress_of(run).is_moving
    verbs = set(LedgerEntry.objects.values_list("verb", flat=True))
    assert {"booklets.cancelled", "booklets.retried"} <= verbs


def test_only_planners_steer_a_run(cast: Cast, plan: Plan) -> None:
    operator = cast.offices[Role.OPD_OPERATOR]
    with pytest.raises(PermissionDenied):
        order_all(cast, plan, by=operator)
    run = order_all(cast, plan)
    with pytest.raises(PermissionDenied):
        cancel_booklets(run=run, by=operator, now=NOW)
    with pytest.raises(PermissionDenied):
        retry_booklets(run=run, by=operator, now=NOW)


def test_a_plan_without_owners_has_nobody_to_make_books_for(cast: Cast, plan: Plan) -> None:
    Unit.objects.filter(government=cast.home).update(active_to=date(2026, 1, 1))
    with pytest.raises(StepRefused):
        order_all(cast, plan)


def test_taking_them_along_is_recorded(cast: Cast, plan: Plan) -> None:
    record_booklets_taken(plan=plan, by=planner(cast), count=2)
    entry = LedgerEntry.objects.get(verb="booklets.taken")
    assert (entry.subject_id, entry.codes["count"]) == (str(plan.pk), 2)


# --- the summary ---


def test_the_summary_is_two_lying_sheets_with_the_boards_numbers(cast: Cast, plan: Plan) -> None:
    document = order_summary(plan=plan, period=PERIOD, by=planner(cast), now=NOW, today=TODAY)
    data = make(document)
    assert checks.check_pdf(data) == []
    reader = PdfReader(io.BytesIO(data))
    pages = pages_of(data)
    # Two sheets, and the one on which every document says how it is checked.
    assert len(pages) == 3
    assert all(page.mediabox.width > page.mediabox.height for page in reader.pages)
    board = plan_board(plan, year=YEAR, quarter=2, on=TODAY)
    summary = summary_of(plan, PERIOD, on=TODAY)
    assert [row.rolled for row in summary.missions] == [
        row.rolled for row in board.rows if row.node.level == "mission"
    ]
    assert "Visi V" in pages[0]
    assert "■ Sangat rendah, 50,00 %" in pages[0]
    assert "Indeks contoh" in pages[0]
    assert "Indeks contoh" in pages[1]
    assert "Warga dilayani" not in pages[1]


def test_the_summary_stays_two_sheets_with_many_rows(cast: Cast, plan: Plan) -> None:
    objective = indicator_of(plan, "Indeks contoh").node
    name = "Persentase perangkat daerah yang melayani warga dengan sangat baik sekali dan cepat "
    for number in range(20):
        row = make_indicator(
            objective, by=planner(cast), name=f"{name}{number}", unit=cast.unit, is_iku=True
        )
        verified(row, Decimal("12.5"), by=cast[Role.OPD_OPERATOR], planner=planner(cast))
    vision = PlanNode.objects.get(plan=plan, level=NodeLevel.VISION)
    for number in range(2, 12):
        PlanNode.objects.create(
            government=cast.home,
            plan=plan,
            parent=vision,
            lineage=[vision.pk],
            level=NodeLevel.MISSION,
            code=str(number),
            name=name * 4,
            form_key=uuid4(),
        )
    PlanNode.objects.filter(pk=vision.pk).update(name=name * 5)
    document = order_summary(plan=plan, period=PERIOD, by=planner(cast), now=NOW, today=TODAY)
    pages = pages_of(make(document))
    assert len(pages) == 3
    assert "misi lain di halaman rencana" in pages[0]
    assert "IKU lain di halaman rencana" in pages[1]


def test_only_planners_ask_for_the_summary_and_members_read_it(cast: Cast, plan: Plan) -> None:
    with pytest.raises(PermissionDenied):
        order_summary(plan=plan, period=PERIOD, by=cast[Role.SEKDA], now=NOW, today=TODAY)
    document = order_summary(plan=plan, period=PERIOD, by=planner(cast), now=NOW, today=TODAY)
    assert may_read_summary(cast[Role.SEKDA], document)
    assert not may_read_summary(cast[Role.TPN_REVIEWER], document)


def test_a_zip_leaves_piece_by_piece() -> None:
    large = b"x" * (3 * PIECE + 1)
    pieces = list(
        zip_stream([("a.pdf", lambda: io.BytesIO(large)), ("b.txt", lambda: io.BytesIO(b"dua"))])
    )
    assert max(len(piece) for piece in pieces) < 2 * PIECE
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert archive.read("a.pdf") == large
        assert archive.read("b.txt") == b"dua"
