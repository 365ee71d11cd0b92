from reports.forms.documents import RequestForm

__all__ = ["RequestForm"]
