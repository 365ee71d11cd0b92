import pytest
from django.db import models

from integrity_portal.core.workflow import Workflow, table


class Light(models.TextChoices):
    RED = "red", "red"
    GREEN = "green", "green"


STEPS = (("go", "Go", {"red"}, "green", {"driver"}), ("stop", "Stop", {"green"}, "red", {"driver"}))
LIGHT = Workflow("light", Light, table(*STEPS))


def test_steps_open_to_a_role_in_a_state() -> None:
    assert [t.name for t in LIGHT.open_to(state="red", role="driver")] == ["go"]
    assert LIGHT.open_to(state="red", role="walker") == []


def test_the_table_prints_its_diagram() -> None:
    assert LIGHT.mermaid().splitlines() == [
        "stateDiagram-v2",
        "    red --> green: go",
        "    green --> red: stop",
    ]


def test_a_table_with_a_double_name_or_an_unknown_state_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Workflow("light", Light, table(STEPS[0], STEPS[0]))
    with pytest.raises(ValueError, match="unknown state"):
        Workflow("light", Light, table(("go", "Go", {"red"}, "blue", {"driver"})))


def test_an_unknown_step_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        LIGHT.get("fly")
