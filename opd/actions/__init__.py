"""What people can do to the registry and to people's offices; one file per noun."""
