"""The dialogue by SMS and WhatsApp, as pure as it is: words in, words out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from complaints import dialogue, dialogue_texts
from complaints.dialogue import Fresh, Said, State
from integrity_portal.core.data_files import UnableToReadData, parse

TEXTS = dialogue_texts.current()
FRESH = Fresh("d" * 32, "1234567890123456")
UNITS = [(7, "Puskesmas Pesantren I"), (8, "Puskesmas Pesantren II")]
LONG = {
    "government": "Kabupaten Bekasi",
    "link": "https://lapor.bekasikab.go.id/kab-bekasi/",
    "kind": "permintaan informasi",
    "unit": "Dinas Kependudukan dan Pencatatan Sipil",
    "code": "1234 5678 9012 3456",
    "day": "30 September 2026",
    "word": "BELUM",
    "state": "Dijawab bersama laporan serupa",
    "options": "1 = Puskesmas Pesantren I\n2 = Puskesmas Pesantren II",
}


def play(*texts: str, **start: Any) -> tuple[State, list[str], list[Any]]:
    """The state after all of them, what was said, what was asked of the caller."""
    state, said, done = State(**start), [], []
    for number, text in enumerate(texts):
        turn = dialogue.step(state, Said(text, id=f"m{number}"), texts=TEXTS, fresh=FRESH)
        state = turn.state
        said += [one.name for one in turn.says]
        if turn.do:
            done.append(turn.do)
            if turn.do.name == "find_units":
                answer = dialogue.units_found(state, UNITS)
                state, said = answer.state, said + [one.name for one in answer.says]
    return state, said, done


def test_who_only_tells_what_happened_is_asked_the_rest():
    state, said, done = play(
        "Diminta uang di loket puskesmas", "puskesmas pesantren", "2", "Loket 3", "1", "KIRIM"
    )

    assert said == ["ask_unit", "choose_unit", "ask_where", "ask_who", "check"]
    assert [do.name for do in done] == ["find_units", "file"]
    assert (state.unit, state.where, state.is_known) == (8, "Loket 3", True)
    assert state.draft_key == FRESH.draft_key


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("LAPOR jalan berlubang", "complaint"),
        ("saran: tambah kursi", "aspiration"),
        ("Info jam buka?", "information"),
        ("lapor\nlampu mati", "complaint"),
        ("Jalan berlubang di depan pasar", "complaint"),
    ],
)
def test_the_first_word_chooses_the_kind(text: str, kind: str):
    state, _said, _done = play(text)

    assert (state.kind, state.stage) == (kind, "unit")
    assert "LAPOR" not in state.words.upper()


@pytest.mark.parametrize(
    "text", ["STATUS 1234 5678 9012 3456", "cek 1234567890123456", "1234-5678-9012-3456"]
)
def test_a_code_asks_for_the_state(text: str):
    _state, _said, done = play(text)

    assert done == [dialogue.Do("status", code="1234567890123456")]


def test_belum_is_a_command_only_with_a_code():
    assert play("BELUM 1234567890123456 masih bau")[2] == [
        dialogue.Do("reopen", code="1234567890123456", text="masih bau")
    ]
    assert play("Belum pernah ada petugas yang datang ke sini")[0].stage == "unit"
    assert play("Selesai rapat kami diminta uang rokok")[0].stage == "unit"


def test_a_knock_is_no_story_and_thanks_need_no_answer():
    assert play("Assalamualaikum min")[1] == ["help"]
    assert play("ok terima kasih") == (State(), [], [])


def test_the_story_goes_on_where_it_is_long_or_said_so():
    more = "Besoknya saya kembali lagi dan diminta uang lagi oleh orang yang sama."
    state, said, _done = play("Diminta uang", more, "TAMBAH namanya tidak tahu", "0")

    assert state.words == f"Diminta uang\n{more}\nnamanya tidak tahu"
    assert said[-1] == "ask_where"


def test_batal_forgets_everything():
    state, said, _done = play("Diminta uang", "BATAL")

    assert (state, said[-1]) == (State(), "cancelled")


def test_a_changed_message_changes_the_draft():
    state, _said, _done = play("Diminta 50 ribu", "0")

    assert dialogue.edited(state, Said("Diminta 500 ribu", id="m0")).words == "Diminta 500 ribu"
    assert dialogue.edited(state, Said("", id="m0")).words == ""
    assert dialogue.edited(state, Said("x", id="of another day")) is None


def test_more_words_after_a_report_are_not_guessed():
    turn = dialogue.step(
        State(), Said("Petugasnya pakai baju biru"), texts=TEXTS, fresh=FRESH, has_last=True
    )
    assert [one.name for one in turn.says] == ["which"]

    more = dialogue.step(turn.state, Said("1"), texts=TEXTS, fresh=FRESH, has_last=True)
    assert more.do == dialogue.Do("add_last", text="Petugasnya pakai baju biru")
    new = dialogue.step(turn.state, Said("2"), texts=TEXTS, fresh=FRESH, has_last=True)
    assert new.state.stage == "unit"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=6))
def test_no_words_break_it_and_a_state_survives_its_seal(texts: list[str]):
    state, _said, _done = play(*texts)

    assert State.load(state.dump()) == state


@pytest.mark.parametrize("name", sorted(TEXTS.texts))
def test_each_text_is_one_sms(name: str):
    """With long values; only what WhatsApp alone says, and lists of units, may be longer."""
    said = TEXTS.say(name, **LONG)

    assert dialogue_texts.GSM.fullmatch(said) or name == "lost_part"
    if name not in ("greeting_whatsapp", "greeting_unofficial", "choose_unit"):
        assert len(said) <= 160


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("{unit}. KIRIM", "{unti}. KIRIM", "nobody fills unti"),
        ("Dihapus,", "Dihapus –", "a letter costs a second SMS"),
        ("[TAMBAH, ", "[BATAL, ", "BATAL means two things"),
    ],
)
def test_a_misspelt_file_is_refused_whole(old: str, new: str, fault: str):
    path = Path(dialogue_texts.DATA / "dialogue.yaml")
    content = path.read_text(encoding="utf-8").replace(old, new)
    file = parse(content.encode(), path.with_suffix(".schema.json"), name="x.yaml")

    with pytest.raises(UnableToReadData, match=fault):
        dialogue_texts.read(file)
