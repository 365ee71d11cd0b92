from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments.enums import Assessor
from assessments.queries.worksheet_files import sheet_by_id, workbook_of


class Command(BaseCommand):
    help = "Write a work-sheet (LKE) as an Excel file in the official columns, with live formulas."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("worksheet", type=int, help="its number, as in its address")
        parser.add_argument("file", type=Path, help="where to write it; replaced when it is there")

    def handle(self, *args: Any, **options: Any) -> None:
        sheet = sheet_by_id(options["worksheet"])
        if sheet is None:
            raise CommandError(f"There is no work-sheet {options['worksheet']}.")
        content = workbook_of(sheet, Assessor.values, now=timezone.now())
        try:
            options["file"].write_bytes(content)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error.strerror}") from error
        self.stdout.write(f"{options['file']}: {sheet.zone.unit.label}, {sheet.year}")
