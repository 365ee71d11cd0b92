"""A box for several files at once; on a phone the browser offers the camera for pictures."""

from typing import Any

from integrity_portal.core.forms import FileField, PortalFileInput


class SeveralFilesInput(PortalFileInput):
    allow_multiple_selected = True


class SeveralFilesField(FileField):
    """Several uploads. What is in them is judged where they are stored, file by file."""

    def __init__(self, *, accept: str, max_bytes: int, **kwargs: Any) -> None:
        widget = SeveralFilesInput(accept=accept, max_bytes=max_bytes)
        super().__init__(**{"widget": widget, "required": False, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [upload for upload in data or [] if upload]
