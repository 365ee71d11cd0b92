"""The numbers by which people call complaints, counted by each government for itself."""

from django.db import connection, models

from opd.models import Government


class ComplaintCounter(models.Model):
    """The last number that a government gave to a complaint."""

    government = models.OneToOneField(
        Government, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    last = models.PositiveIntegerField()
    # Of the days off that the open complaints' dates were counted with; empty: not counted anew yet.
    days_off_mark = models.CharField(max_length=64, blank=True, db_default="")

    def __str__(self) -> str:
        return f"{self.last} complaints of {self.government_id}"

    @classmethod
    def take(cls, government_id: int) -> int:
        """The next number. Others of this government wait here until the transaction ends, and
        what is rolled back leaves no gap: take it last."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO complaints_complaintcounter AS c (government_id, last) VALUES (%s, 1) "
                "ON CONFLICT (government_id) DO UPDATE SET last = c.last + 1 RETURNING last",
                [government_id],
            )
            number: int = cursor.fetchone()[0]
        return number
