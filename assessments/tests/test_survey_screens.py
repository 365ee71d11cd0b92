"""Screens of surveys for those who keep and read them; papers; the index in the work-sheet."""

import csv
import io
from decimal import Decimal

import openpyxl
import pypdf
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from assessments import survey_proofs as proofs
from assessments.actions.survey_answers import answer_survey
from assessments.actions.survey_papers import request_survey_paper
from assessments.actions.surveys import close_round
from assessments.models import Answer, SurveyProof, SurveyRound
from assessments.queries.survey_links import behind
from assessments.queries.survey_proposals import proposal_for
from assessments.survey_documents import slips_pdf
from assessments.tests import factories_surveys as make
from assessments.tests.factories_worksheets import in_state, sheet_of
from assessments.tests.test_survey_public import words
from integrity_portal.core.documents.tasks import render_document
from opd.enums import Role
from opd.transitions import StepRefused

pytestmark = pytest.mark.usefixtures("indonesian")


def url(name, *args):
    return reverse(f"assessments:{name}", args=args)


def days(row=None, **more):
    first, last = (row.opens_on, row.closes_on) if row else (make.today(), make.today())
    return {
        "year": str(first.year),
        "quarter": "3",
        "opens_on": first.strftime("%d/%m/%Y"),
        "closes_on": last.strftime("%d/%m/%Y"),
        "door": "proof",
        "highest": "",
        **more,
    }


def test_from_the_form_to_the_open_round(cast, operator):
    ktp, kk = make.service(cast.unit), make.service(cast.unit, "KK")
    form = days(
        survey="SKM", services=[ktp.pk], **{f"served_{ktp.pk}": "1.000", f"served_{kk.pk}": ""}
    )

    page = operator.post(url("survey_new", cast.unit.pk), form, follow=True)

    row = SurveyRound.objects.get()
    assert page.redirect_chain[-1][0] == url("survey_round", row.pk)
    assert [(each.name, each.population) for each in row.services.all()] == [("KTP", 1000)]
    assert page.context["page"].needed.number == 278
    operator.post(url("survey_step", row.pk, "open"))
    row.refresh_from_db()
    assert row.state == "open"
    assert row.public_id in words(operator.get(url("survey_round", row.pk)))


def test_a_wrong_plan_keeps_what_was_typed(cast, operator):
    page = operator.post(
        url("survey_new", cast.unit.pk),
        days(survey="SKM", closes_on="31 Februari", population="seribu"),
    )
    assert page.status_code == 200
    assert "31 Februari" in page.content.decode()
    assert "seribu" in page.content.decode()
    page = operator.post(url("survey_new", cast.unit.pk), days(survey="SKM", highest="6"))
    assert page.context["form"].non_field_errors()
    assert not SurveyRound.objects.exists()


def test_two_people_on_one_draft_see_each_other(cast, operator):
    row = make.make_round(cast.unit)
    first = operator.post(url("survey_edit", row.pk), days(row, version="1"))
    assert first.status_code == 302
    second = operator.post(url("survey_edit", row.pk), days(row, version="1", door="open"))
    assert second.status_code == 409
    assert 'value="2"' in second.content.decode()


def test_codes_leave_once_and_are_kept_nowhere(cast, operator):
    row = make.open_round(cast.unit)
    answer = operator.post(url("survey_codes", row.pk), {"number": "3", "kind": "csv"})
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    codes = [line[0] for line in lines[1:]]
    assert len(codes) == 3
    assert answer["Cache-Control"] == "no-store, private"
    assert SurveyProof.objects.count() == 3
    assert answer_survey(round=row, given=make.given(row, proof=codes[0]), today=make.today())
    slips = operator.post(url("survey_codes", row.pk), {"number": "2", "kind": "pdf"})
    assert slips["Content-Type"] == "application/pdf"
    assert SurveyProof.objects.count() == 5


def test_slips_carry_address_and_code(cast):
    row = make.open_round(cast.unit)
    codes = [proofs.new_code() for _each in range(20)]
    pdf = pypdf.PdfReader(io.BytesIO(slips_pdf(row, codes)))
    text = "".join(page.extract_text() for page in pdf.pages)
    assert all(proofs.shown(code) in text for code in codes)
    assert row.public_id in text.replace("\n", "")
    assert len(pdf.pages) == 2


def test_receipts_are_pasted_and_strange_lines_named(cast, operator):
    row = make.open_round(cast.unit)
    page = operator.post(
        url("survey_receipts", row.pk), {"numbers": "A-001\nA-002\n\n?\n"}, follow=True
    )
    assert SurveyProof.objects.count() == 2
    assert "?" in words(page)
    page = operator.post(url("survey_receipts", row.pk), {"numbers": "3571012005900001"})
    assert "3571012005900001" in page.content.decode()
    assert SurveyProof.objects.count() == 2


def test_no_figure_moves_while_the_round_is_open(cast, operator):
    row = make.open_round(cast.unit)
    for _each in range(6):
        make.answer(row, 6)
    page = operator.get(url("survey_round", row.pk))
    assert page.context["page"].result is None
    assert "4,00" not in words(page)
    assert operator.get(url("survey_export", row.pk, "csv")).status_code == 404


def test_comments_are_for_the_unit_and_not_while_they_are_few(cast, operator, client_as):
    row = make.open_round(cast.unit)
    for place in range(6):
        make.answer(row, 5, comment=f"Kursi {place} <b>rusak</b>")
    assert "Kursi" not in words(operator.get(url("survey_comments", row.pk)))
    operator.post(url("survey_step", row.pk, "close"))
    page = operator.get(url("survey_comments", row.pk))
    assert page.content.decode().count("&lt;b&gt;rusak") == 6
    boss = client_as(cast[Role.ZI_SECRETARIAT])
    assert boss.get(url("survey_comments", row.pk)).status_code == 403
    few = make.open_round(cast.unit, quarter=2)
    for _each in range(4):
        make.answer(few, 5, comment="Antre lama")
    operator.post(url("survey_step", few.pk, "close"))
    assert "Antre lama" not in words(operator.get(url("survey_comments", few.pk)))


def test_exports_hide_what_the_page_hides(cast, operator):
    ktp, kk, akta = (make.service(cast.unit, name) for name in ("KTP", "KK", "=Akta"))
    row = make.open_round(cast.unit, services=[(ktp, None), (kk, None), (akta, None)])
    first, second, third = row.services.order_by("position")
    for service, number in ((first, 9), (second, 6), (third, 2)):
        for _each in range(number):
            make.answer(row, 5, service=service.pk)
    operator.post(url("survey_step", row.pk, "close"))
    text = operator.get(url("survey_export", row.pk, "csv")).content.decode("utf-8-sig")
    lines = {line[1]: line for line in csv.reader(io.StringIO(text), delimiter=";")}
    assert lines["KTP"][3] == "9"
    assert lines["KK"][3] == lines["'=Akta"][3] != "6"
    book = openpyxl.load_workbook(
        io.BytesIO(operator.get(url("survey_export", row.pk, "xlsx")).content)
    )
    cells = {line[1].value: line for line in book.active.iter_rows()}
    assert cells["=Akta"][1].data_type == "s"
    assert cells["KK"][3].value == cells["=Akta"][3].value
    page = words(operator.get(url("survey_round", row.pk)))
    assert "17" in page


def test_the_secretariat_sees_what_is_missing_and_prepares_it_at_once(cast, desk):
    make.service(cast.unit)
    make.service(cast.other_unit)
    make.make_round(cast.unit, survey="SKM", quarter=3)
    period = f"{make.today().year}-3"
    page = desk.get(url("surveys_overview") + f"?period={period}")
    assert [line.unit.name for line in page.context["lines"]] == ["Dinas Dua", "Dinas Satu"]
    assert page.context["lacking"] == 2
    desk.post(url("surveys_bulk"), days(survey="SKM", at_once="on"))
    assert SurveyRound.objects.filter(survey="SKM", quarter=3).count() == 2
    assert SurveyRound.objects.get(unit=cast.other_unit).state == "open"
    assert desk.get(url("surveys_csv")).content.decode("utf-8-sig").count("SKM") == 2


@pytest.mark.parametrize("name", ["surveys", "surveys_overview"])
def test_lists_cost_the_same_for_few_and_many(name, cast, desk, django_assert_max_num_queries):
    def rounds(*units):
        for unit in units:
            make.service(unit)
            make.closed_round(unit, number=5)
            make.make_round(unit, survey="SKM")

    address = url(name) + f"?period={make.today().year}-1"
    rounds(cast.unit)
    with django_assert_max_num_queries(12) as few:
        desk.get(address)
    rounds(cast.other_unit, cast.below)
    with django_assert_max_num_queries(len(few)):
        assert desk.get(address).status_code == 200


def test_the_report_as_pdf_tells_everything_and_names_no_few(cast):
    year = make.today().year
    make.closed_round(cast.unit, survey="SKM", value=2, year=year - 1)
    row = make.open_round(cast.unit, survey="SKM", services=[(make.service(cast.unit), 500)])
    for _each in range(7):
        make.answer(row, 4, answers={"U3": 1}, profile={"sex": "female"})
    make.answer(row, 4, profile={"sex": "male"})
    by = make.writer(cast.unit)
    with pytest.raises(StepRefused):
        request_survey_paper(round=row, kind="report", by=by, now=timezone.now())
    row = close_round(round=row, by=by, now=timezone.now())
    make.follow_up(row)

    document = request_survey_paper(round=row, kind="report", by=by, now=timezone.now())
    render_document(pk=document.pk)

    document.refresh_from_db()
    text = " ".join(" ".join(_pages(document)).split())
    for told in ("Waktu penyelesaian", "217", "Pasang papan informasi", "Triwulan I", "50,00"):
        assert told in text, told
    assert "tidak ditampilkan" in text
    assert row.result["sha256"][:12] in text.replace(" ", "")


def _pages(document):
    with default_storage.open(document.file.key) as file:
        return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file.read())).pages]


@pytest.mark.parametrize("kind", ["card-a4", "card-a5"])
def test_a_card_carries_the_address_that_stays(kind, cast):
    row, by = make.make_round(cast.unit), make.writer(cast.unit)
    with pytest.raises(StepRefused):
        request_survey_paper(round=row, kind=kind, by=by, now=timezone.now())
    row = make.open_round(cast.other_unit)
    document = request_survey_paper(
        round=row, kind=kind, by=make.writer(cast.other_unit), now=timezone.now()
    )
    render_document(pk=document.pk)
    document.refresh_from_db()
    assert row.public_id in _pages(document)[0].replace("\n", "")


def test_the_index_is_proposed_and_one_press_takes_it_over(cast, operator, client_as):
    sheet = sheet_of(cast.unit, year=make.today().year)
    question = url("worksheet_question", sheet.pk, "B.I.a.a")
    take = url("worksheet_survey", sheet.pk, "B.I.a.a")
    assert operator.post(take).status_code == 404
    make.closed_round(cast.unit, value=5)
    assert not Answer.objects.exists()

    for page in (operator.get(question), operator.get(url("worksheet_result", sheet.pk))):
        assert "3,33" in words(page)
        assert "TPN" in words(page)
        assert take in page.content.decode() or page.context.get("surveys")
    assert not Answer.objects.exists()
    assert take not in client_as(cast[Role.PLANNER]).get(question).content.decode()

    operator.post(take)

    answer = Answer.objects.get()
    assert (answer.index, answer.assessor) == (Decimal("3.33"), "unit")
    assert "SPAK" in answer.note
    operator.post(take)
    assert Answer.objects.get().version == answer.version
    assert proposal_for(sheet, "A.I.1.i.a") is None
    assert proposal_for(sheet, "B.II.a.a") is None


def test_a_sheet_that_the_tpi_has_does_not_change(cast, operator):
    sheet = sheet_of(cast.unit, year=make.today().year)
    make.closed_round(cast.unit, value=5)
    in_state(sheet, "approved")
    operator.post(url("worksheet_survey", sheet.pk, "B.I.a.a"))
    assert not Answer.objects.exists()


def test_the_unit_is_reminded_of_a_sample_that_is_not_reached(cast):
    row = make.open_round(cast.unit, population=10)
    make.make_round(cast.other_unit)
    (due,) = behind(cast.home, make.today())
    assert (due.link_id, due.due_on) == (str(row.pk), row.closes_on)
    for _each in range(10):
        make.answer(row)
    assert list(behind(cast.home, make.today())) == []


def test_an_answer_names_no_person_on_any_page(cast, operator):
    row = make.open_round(cast.unit, survey="SKM")
    make.answer(row, 4, profile={"sex": "male"}, comment="Hanya saya")
    operator.post(url("survey_step", row.pk, "close"))
    for page in (url("survey_round", row.pk), url("survey_comments", row.pk), url("surveys")):
        assert "Hanya saya" not in words(operator.get(page))
