"""How tests send a file in pieces: tus 1.0 without a browser."""

import base64
from typing import Any

from django.urls import reverse

TUS = {"Tus-Resumable": "1.0.0"}


def create(
    client: Any, size: object, name: str = "SK Tim.pdf", purpose: str = "", **headers: str
) -> Any:
    named = base64.b64encode(name.encode()).decode()
    if purpose:
        named += f",purpose {base64.b64encode(purpose.encode()).decode()}"
    return client.post(
        reverse("assessments:evidence_upload_new"),
        headers={
            **TUS,
            "Upload-Length": str(size),
            "Upload-Metadata": f"filename {named}",
            **headers,
        },
    )


def send(client: Any, address: str, offset: object, data: bytes, **headers: str) -> Any:
    return client.patch(
        address,
        data=data,
        content_type="application/offset+octet-stream",
        headers={**TUS, "Upload-Offset": str(offset), **headers},
    )
