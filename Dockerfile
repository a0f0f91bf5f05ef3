# HourTab's image: built in one stage, run in another that has no build tools. `make pin` adds the bases' digests.
FROM python:3.11.14-slim-bookworm AS build
ENV PYTHONUNBUFFERED=1 UV_PROJECT_ENVIRONMENT=/opt/venv UV_LINK_MODE=copy
WORKDIR /app
COPY deploy/uv.txt pyproject.toml uv.lock ./
RUN python -m venv /opt/uv && /opt/uv/bin/pip install --no-cache-dir --require-hashes -r uv.txt
RUN /opt/uv/bin/uv sync --frozen --no-dev --no-cache --compile-bytecode --python "$(command -v python3)"
COPY . .
RUN DEBUG=0 ALLOWED_HOSTS=build EMAIL_URL=smtp://build \
    SECRET_KEY=$(/opt/venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
    HOURTAB_LINK_KEY=$(/opt/venv/bin/python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())') \
    /opt/venv/bin/python manage.py collectstatic --noinput

FROM python:3.11.14-slim-bookworm
RUN python -m pip uninstall --yes --quiet pip setuptools wheel && mkdir -p /data /backups && chown 10001:10001 /data /backups
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/opt/venv/bin:$PATH \
    DEBUG=0 ORIGINALS_ROOT=/data/originals BACKUPS_ROOT=/backups
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-m", "hourtab.alive"]
CMD ["gunicorn", "-c", "hourtab/gunicorn.py", "hourtab.wsgi"]
