# `make run` and `make test` do everything on a fresh machine with Python 3.11+, git and make.
UV_VERSION := 0.13.9
UV := .tools/bin/uv
HOST := 127.0.0.1
PORT := 8000
RUN := $(UV) run --frozen --no-dev
DEV := $(UV) run --frozen
unexport PYTHONDONTWRITEBYTECODE  # the tests start hundreds of processes: each module is compiled once

.PHONY: run test test-sqlite test-postgres test-long lint types check format bench clean env pin image sbom deployment

run: $(UV)  ## install, migrate, load the demo, serve on localhost
	@$(RUN) python manage.py migrate --verbosity 0
	@BASE_URL=http://localhost:$(PORT) $(RUN) python manage.py demo
	@BASE_URL=http://localhost:$(PORT) $(RUN) python manage.py runserver --noreload $(HOST):$(PORT)

test: $(UV)  ## all but the loops on SQLite, with the browser; beside it on PostgreSQL what an engine may differ in
	@$(UV) sync --frozen
	@echo "Both engines at once, some six minutes on two processors. What each says is shown when it ends."
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target test-sqlite test-postgres

test-sqlite: $(UV)
	$(DEV) python tests/find_chromium.py
	$(DEV) pytest -n 2 --dist worksteal

test-postgres: $(UV)
	$(DEV) python tests/on_postgres.py pytest -n 2 --dist worksteal -m "on_both and not browser and not one_engine" \
		$$($(DEV) python tests/engines.py)

test-long: $(UV)  ## the loops: every fault, look and long history; and the rest on PostgreSQL
	$(DEV) pytest -n 2 --dist worksteal -m long tests
	HYPOTHESIS_PROFILE=deep $(DEV) pytest -n 2 --dist worksteal -m "hypothesis and not long" tests
	$(DEV) python tests/on_postgres.py pytest -n 2 --dist worksteal -m "(long or not on_both) and not browser and not one_engine" tests
	$(DEV) python tests/on_postgres.py pytest -n 0 tests/browser/test_first_day.py

lint: $(UV)
	@$(UV) lock --check --quiet
	$(DEV) ruff check .
	$(DEV) ruff format --check .
	$(DEV) djlint --lint templates --quiet
	$(DEV) lint-imports

types: $(UV)
	$(DEV) mypy .

check: $(UV)
	$(DEV) python manage.py makemigrations --check --dry-run
	DEBUG=0 SECRET_KEY=$$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))') \
	HOURTAB_LINK_KEY=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE= ALLOWED_HOSTS=hours.example.com \
	EMAIL_URL=smtp://localhost:25 $(DEV) python manage.py check --deploy --fail-level WARNING

bench: $(UV)  ## every figure of docs/performance.md anew, in under ten minutes
	$(DEV) --with django-import-export==4.4.3 python -m bench

env:  ## a .env for compose.yaml with fresh keys: make env DOMAIN=hours.example.com
	@test ! -e .env || { echo ".env is there already: its keys are needed." >&2; exit 1; }
	@umask 077 && python3 deploy/new_env.py $(DOMAIN) > .env.part && mv .env.part .env

pin:  ## write the digests of the base images behind their tags
	python3 deploy/pin.py

image:  ## the Dockerfile's commands in a bare folder, where Docker can't run
	python3 deploy/try_image.py

deployment:  ## compose.yaml and the Caddyfile by Debian's docker-compose and caddy, where they are installed
	python3 deploy/check_files.py

sbom: $(UV)  ## what an installation runs on, each with its hash, as CycloneDX
	@$(UV) export --frozen --no-dev --format cyclonedx1.5 --preview-features sbom-export

format: $(UV)
	$(DEV) ruff check --fix .
	$(DEV) ruff format .
	$(DEV) djlint --reformat templates --quiet

$(UV):
	python3 -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
