"""Form fields and their markup: the error first, the same words inline, nothing typed is lost."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.utils import translation
from lxml import html
from pytest_django.asserts import assertHTMLEqual

from integrity_portal.core import forms as portal


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


class Sample(forms.Form):
    name = portal.NameField(label="Name")
    story = portal.LongTextField(label="Story", help_text="In your own words.", limit=20)
    when = portal.DateField(
        label="When", help_text="A day.", earliest=date(2020, 1, 1), latest=date(2026, 12, 31)
    )
    share = portal.PercentField(label="Share", required=False)
    money = portal.RupiahField(label="Money", required=False)
    kind = portal.RadioField(label="Kind", choices=[("a", "A"), ("b", "B")])
    sure = forms.BooleanField(label="Sure", required=False)

    helper = portal.PortalFormHelper(submit="Save")


GOOD = {"name": "Suparman", "story": "x", "when": "21 Nov 2026", "kind": "a"}


def render(form: forms.Form) -> html.HtmlElement:
    source = "{% load crispy_forms_tags %}<main>{% crispy form %}</main>"
    return html.fromstring(Template(source).render(Context({"form": form})))


def error_of(**changed: str) -> dict[str, list[str]]:
    form = Sample({**GOOD, **changed})
    form.is_valid()
    return dict(form.errors)


def test_good_input_becomes_values() -> None:
    form = Sample({**GOOD, "share": "71,5 %", "money": "Rp 1.250.000,-"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["when"] == date(2026, 11, 21)
    assert form.cleaned_data["share"] == Decimal("71.5")
    assert form.cleaned_data["money"] == Decimal(1250000)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"when": "31/02/2026"}, "Write the date as day, month, year"),
        ({"when": ""}, "Enter the date"),
        ({"when": "31/12/2019"}, "1 January 2020 or later"),
        ({"when": "1/1/2027"}, "31 December 2026 or earlier"),
        ({"share": "120"}, "must be 100 or less"),
        ({"share": "-1"}, "must be 0 or more"),
        ({"share": "12,345"}, "at most 2 digits"),
        ({"share": "12.5"}, "comma before the decimals"),
        ({"share": "1e1"}, "percentage from 0 to 100"),
        ({"share": "nan"}, "percentage from 0 to 100"),
        ({"money": "1,234.56"}, "comma before the decimals"),
        ({"money": "99999999999999999999"}, "or less"),
        ({"story": "x" * 21}, "21 characters; shorten it to at most 20"),
        ({"story": "\x00 \r\n"}, "Write the text."),
        ({"name": "  "}, "One word is enough"),
        ({"name": "12"}, "with letters"),
        ({"kind": "z"}, "Choose one of the answers shown."),
        ({"kind": ""}, "Choose one of the answers."),
    ],
)
def test_bad_input_gets_one_sentence(changed: dict[str, str], sentence: str) -> None:
    (field,) = changed
    errors = error_of(**changed)
    assert list(errors) == [field]
    assert len(errors[field]) == 1
    assert sentence in errors[field][0]


def test_text_is_counted_after_line_ends_are_made_one_kind() -> None:
    form = Sample({**GOOD, "story": "\r\n".join("x" * 10)})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["story"] == "\n".join("x" * 10)


def test_the_summary_comes_first_and_leads_to_the_fields() -> None:
    page = render(Sample({"share": "120"}))
    summary = page.xpath("//*[@data-portal-error-summary]")
    assert len(summary) == 1
    targets = [link.get("href") for link in summary[0].iterlinks() for link in [link[0]]]
    assert targets == ["#id_name", "#id_story", "#id_when", "#id_share", "#id_kind_0"]
    for target in targets:
        assert page.xpath(f"//*[@id='{target[1:]}']"), target
    inline = [
        " ".join(e.text_content().split()).removeprefix("Error: ")
        for e in page.find_class("invalid-feedback")
    ]
    assert inline == [link.text_content() for link in summary[0].xpath(".//a")]


def test_hint_and_error_are_read_in_this_order() -> None:
    page = render(Sample({}))
    story = page.get_element_by_id("id_story")
    assert story.get("aria-describedby") == "id_story_helptext id_story_error"
    assert story.get("aria-invalid") == "true"
    group = page.xpath("//fieldset")[0]
    assert group.get("aria-describedby") == "id_kind_error"
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {"id_story_helptext", "id_story_error", "id_kind_error"} <= set(ids)


def test_what_was_typed_stays() -> None:
    page = render(Sample({"when": "31/02/2026", "money": "1,234.56", "story": "a\nb"}))
    assert page.get_element_by_id("id_when").get("value") == "31/02/2026"
    assert page.get_element_by_id("id_money").get("value") == "1,234.56"
    assert page.get_element_by_id("id_story").text.strip() == "a\nb"


def test_values_are_shown_as_they_can_be_typed() -> None:
    page = render(
        Sample(initial={"when": date(2026, 5, 1), "share": Decimal("71.50"), "money": 1250000})
    )
    assert page.get_element_by_id("id_when").get("value") == "1 May 2026"
    assert page.get_element_by_id("id_share").get("value") == "71,5"
    assert page.get_element_by_id("id_money").get("value") == "1.250.000"


def test_optional_is_said_and_required_has_no_asterisk() -> None:
    text = render(Sample()).text_content()
    assert "Share (may be left empty)" in " ".join(text.split())
    assert "*" not in text


def test_filters_do_not_speak_of_optional_fields() -> None:
    form = Sample()
    form.helper = portal.PortalFormHelper(method="get", mark_optional=False)
    page = render(form)
    assert "may be left empty" not in page.text_content()
    assert page.xpath("//form")[0].get("method") == "get"


def test_the_page_needs_no_browser_checks_and_no_inline_code() -> None:
    page = render(Sample())
    assert page.xpath("//form")[0].get("novalidate") is not None
    assert not page.xpath("//@style")
    assert not page.xpath("//@onclick | //@onchange | //script | //style")
    assert page.xpath("//button[@type='submit']")[0].text == "Save"


def test_labels_are_escaped() -> None:
    class Nasty(forms.Form):
        field = portal.RadioField(label="<b>x</b>", help_text="<i>", choices=[("<u>", "<script>")])
        helper = portal.PortalFormHelper(form_tag=False)

    page = render(Nasty({}))
    assert not page.xpath("//b | //i | //script | //u")
    assert not page.xpath("//form")


def test_the_summary_is_shown_once_even_when_the_page_has_shown_it() -> None:
    source = "{% load portal crispy_forms_tags %}{% error_summary form %}{% crispy form %}"
    page = Template(source).render(Context({"form": Sample({})}))
    assert page.count("data-portal-error-summary") == 1


def test_a_file_says_its_limit_before_and_after() -> None:
    class Upload(forms.Form):
        file = portal.FileField(label="File", kinds="PDF", max_bytes=2048, accept=".pdf")
        helper = portal.PortalFormHelper()

    page = render(Upload())
    box = page.get_element_by_id("id_file")
    assert box.get("accept") == ".pdf"
    assert box.get("data-portal-max-bytes") == "2048"
    assert box.get("data-portal-too-big") == "%s is too big. The file may have at most 2 KB."
    assert "PDF, at most 2 KB." in page.text_content()
    assert page.xpath("//form")[0].get("enctype") == "multipart/form-data"
    form = Upload({}, {"file": SimpleUploadedFile("a.pdf", b"x" * 2049)})
    assert form.errors["file"] == [
        "The file has 2 KB; it may have at most 2 KB. Make it smaller or split it."
    ]
    assert Upload({}, {"file": SimpleUploadedFile("a.pdf", b"")}).errors["file"] == [
        "The file is empty. Choose another one."
    ]
    assert Upload({}, {"file": SimpleUploadedFile("a.pdf", b"x" * 2048)}).is_valid()


@pytest.mark.parametrize(
    ("field", "initial", "same", "other"),
    [
        (portal.DateField(), date(2026, 11, 21), "21/11/2026", "22/11/2026"),
        (portal.DecimalField(), Decimal("1234.50"), "1.234,5", "1.234,6"),
        (portal.LongTextField(), "a\nb", "a\r\nb", "a\r\nc"),
    ],
)
def test_another_spelling_is_no_change(
    field: forms.Field, initial: object, same: str, other: str
) -> None:
    assert not field.has_changed(initial, same)
    assert field.has_changed(initial, other)


def test_a_number_may_come_as_a_number() -> None:
    assert portal.DecimalField().clean(Decimal("1.5")) == Decimal("1.5")
    with pytest.raises(ValidationError):
        portal.DecimalField(places=0).clean("1,5")


@pytest.mark.parametrize("value", ["", None, "2", "<x>", "7"])
def test_a_select_is_djangos_own_without_a_template_for_each_option(value: object) -> None:
    choices = [
        ("", "Choose…"),
        ('Kecamatan "A"', [(1, "Satu <b>"), (2, "Dua & Tiga")]),
        ("<x>", "Tanda"),
        ("7", portal._("Choose a file.")),
    ]
    attrs = {"id": "id_unit", "class": "form-select", "required": True, "disabled": False}
    ours, djangos = (
        widget(choices=choices).render("unit", value, attrs)
        for widget in (portal.Select, forms.Select)
    )
    assertHTMLEqual(ours, djangos)
    assert "<b>" not in ours
