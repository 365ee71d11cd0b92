"""The stand-in of a provider: real HTTP both ways, from a typed line to the code that comes back."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from complaints.models import ChannelMessage, Complaint, ComplaintFile
from complaints.tests.phones import open_account
from complaints.tests.test_channel_conformance import photo

pytestmark = pytest.mark.django_db


def standin(label: str, *lines: str, to: str) -> str:
    out = StringIO()
    call_command("channel_standin", label, say=list(lines), to=to, work=True, port=0, stdout=out)
    return out.getvalue()


@pytest.mark.slow
def test_a_report_with_a_photo_over_real_http(
    cast: Any, live_server: Any, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "loket.jpg").write_bytes(photo())
    account = open_account(cast, "whatsapp_cloud")
    said = standin(
        account.label,
        "Diminta uang di loket",
        f"/photo {tmp_path / 'loket.jpg'}",
        "0",
        "Loket 3",
        "2",
        "KIRIM",
        "/status read",
        to=live_server.url,
    )

    assert said.count("portal: 200") == 7
    assert re.search(r"Kode Anda (\d{4} ){3}\d{4}", said)
    assert ComplaintFile.objects.get().complaint == Complaint.objects.get()


def test_it_speaks_for_a_modem_through_its_own_program_and_folder(
    cast: Any, settings: Any, tmp_path: Path
) -> None:
    settings.GAMMU_OUTBOX = str(tmp_path)
    account = open_account(cast, "gammu")
    standin(account.label, "Diminta uang di loket", to="http://127.0.0.1:9")

    assert ChannelMessage.objects.get().outcome == "asked"
    files = sorted(tmp_path.glob("OUT*"))
    assert len(files) == 2
    assert re.fullmatch(r"OUTC\d{8}_\d{6}_00_\+6281200000001_[0-9a-f]{8}\.txtd", files[0].name)
    assert not list(tmp_path.glob(".OUT*"))


def test_it_names_the_channels_it_could_speak_for(cast: Any) -> None:
    account = open_account(cast, "kannel")
    with pytest.raises(CommandError, match=account.label):
        standin("lain", to="http://127.0.0.1:9")


def test_never_outside_development(cast: Any, settings: Any) -> None:
    settings.DEMO = False
    settings.DEBUG = False
    with pytest.raises(CommandError, match="development only"):
        standin(open_account(cast, "gammu").label, to="http://127.0.0.1:9")
