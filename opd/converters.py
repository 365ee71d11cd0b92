class GovernmentSlug:
    """Public addresses begin with the kind, so no government's slug can hide another page."""

    regex = r"(?:kota|kab|prov)-[a-z0-9-]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
