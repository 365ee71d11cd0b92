"""What `script/server`, `script/test` and their smaller sisters share.

Only the standard library of Python 3.11 is used here, because these modules run before anything is installed.
Reading order: `checkout` (where things are), `sentences` (what people are told), `needs` and `packages` (the system),
`virtual_environment` and `front_end` (the project), `cluster`, `broker` and `services` (PostgreSQL and Redis),
`application` (migrations, demo), `supervisor`, and last one module per command.
"""
