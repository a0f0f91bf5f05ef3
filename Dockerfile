FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 UV_PROJECT_ENVIRONMENT=/opt/venv PATH=/opt/venv/bin:$PATH
RUN pip install --no-cache-dir uv==0.13.9 && useradd --create-home --uid 10001 hourtab
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev
COPY . .
RUN DEBUG=0 ALLOWED_HOSTS=build EMAIL_URL=smtp://build \
    SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(50))') \
    HOURTAB_LINK_KEY=$(python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())') \
    python manage.py collectstatic --noinput \
    && mkdir -p /data && chown hourtab /data
USER hourtab
ENV DEBUG=0 ORIGINALS_ROOT=/data/originals
EXPOSE 8000
CMD ["sh", "-c", "python manage.py migrate --noinput && exec gunicorn -c hourtab/gunicorn.py hourtab.wsgi"]
