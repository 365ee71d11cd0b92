"""Forms of zones and acts; one file per noun."""
