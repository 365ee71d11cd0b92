"""The one line of a complaint that other citizens may read."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.forms.steps import StepForm
from complaints.models import Complaint
from complaints.models.complaints import TITLE_LIMIT
from integrity_portal.core.forms import ShortTextField


class TitleForm(StepForm):
    title = ShortTextField(
        label=_("Title"),
        help_text=_(
            "Citizens who are about to report the same are offered this report by its title. No "
            "names, no house numbers, nothing that tells who reported. Empty: it is not offered."
        ),
        limit=TITLE_LIMIT,
        required=False,
    )

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, initial={"title": complaint.public_title}, **kwargs)
