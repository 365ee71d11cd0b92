"""A directive of the demonstration that is about an activity of a work plan."""

from datetime import date

from assessments.models import Activity
from opd.demo.calendar import give
from opd.models import Government

ABOUT = {
    "by": "mayor",
    "unit": "DPMPTSP",
    "given": 3,
    "due": 9,
    "text": "Kegiatan ini sudah lewat waktunya. Selesaikan SOP yang tersisa dan laporkan kepada saya.",
    "office": "Ketua Pokja 2",
    "path": [[2, "acknowledge"]],
}


def load(today: date) -> None:
    for government in Government.objects.filter(is_sample=True):
        activity = (
            Activity.objects.filter(
                government=government, plan__zone__unit__short_name="DPMPTSP", due_on__lt=today
            )
            .order_by("-due_on", "pk")
            .first()
        )
        if activity is not None:
            give(government, ABOUT, today, ("activity", str(activity.pk)))
