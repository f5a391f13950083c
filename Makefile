# The commands one needs, each one line; all of them work in .venv, which `make setup` makes.
.PHONY: setup test check bench demo picture pages

setup:   ; python3 -m venv .venv && .venv/bin/pip install -e '.[test]'
test:    ; .venv/bin/pytest
check:   ; .venv/bin/ruff check && .venv/bin/ruff format --check && .venv/bin/mypy && .venv/bin/lint-imports --no-logo
bench:   ; .venv/bin/python -m tests.bench
demo:    ; .venv/bin/carecli demo
picture: ; .venv/bin/python -m scripts.picture --app scripts.picture_desk:desk_at_work --keys n --until "promises by"
pages:   ; .venv/bin/python -m scripts.house_map && .venv/bin/python -m scripts.keys
