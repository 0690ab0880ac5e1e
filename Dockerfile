# Two images: `docker build --target rasa` has Rasa (Python 3.10) with its trained model, the default target `zhiban` all
# other processes (Python 3.11). Pass --build-arg TORCH_INDEX_URL=<index with PyTorch's CPU builds>.
FROM python:3.10-slim-bookworm AS python310

FROM python:3.11-slim-bookworm AS python311

FROM python311 AS build
# Training needs Rasa and the encoder: both interpreters, side by side under /usr/local.
COPY --from=python310 /usr/local/bin/python3.10 /usr/local/bin/python3.10
COPY --from=python310 /usr/local/lib/libpython3.10.so.1.0 /usr/local/lib/libpython3.10.so.1.0
COPY --from=python310 /usr/local/lib/python3.10 /usr/local/lib/python3.10
RUN ldconfig
WORKDIR /app
ARG TORCH_INDEX_URL=
COPY requirements requirements
COPY scripts scripts
# Bytecode now: the user that runs the product may not write here.
RUN python3.11 scripts/setup.py && .venv/bin/python -m compileall -q -j 0 .venv && .venv-rasa/bin/python -m compileall -q -j 0 .venv-rasa
COPY config.yml endpoints.yml credentials.yml pyproject.toml LICENSE NOTICE README.md ./
COPY actions actions
COPY bot bot
COPY channels channels
COPY desk desk
COPY examples examples
COPY gateway gateway
COPY knowledge_base knowledge_base
COPY office office
COPY reading reading
COPY web web
COPY zhiban zhiban
RUN DATA_DIR=/tmp/train .venv/bin/zhiban train && rm -rf /tmp/train

FROM python310 AS rasa
RUN useradd --uid 10001 --no-create-home --home-dir /tmp zhiban
WORKDIR /app
COPY --from=build /app/.venv-rasa .venv-rasa
COPY --from=build /app/models models
COPY config.yml endpoints.yml credentials.yml LICENSE NOTICE ./
COPY bot bot
COPY reading reading
COPY knowledge_base/__init__.py knowledge_base/client.py knowledge_base/understanding.py knowledge_base/
USER 10001:10001
ENV HOME=/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 RASA_TELEMETRY_ENABLED=false
EXPOSE 5005
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["/app/.venv-rasa/bin/python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:5005/webhooks/gateway/', timeout=2)"]
CMD ["/app/.venv-rasa/bin/python", "-m", "bot.launch", "run", "-m", "models", "--interface", "0.0.0.0", "--port", "5005"]

FROM python311 AS zhiban
RUN useradd --uid 10001 --no-create-home --home-dir /tmp zhiban
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY pyproject.toml LICENSE NOTICE README.md ./
COPY actions actions
COPY channels channels
COPY desk desk
COPY examples examples
COPY gateway gateway
COPY knowledge_base knowledge_base
COPY office office
COPY reading reading
COPY web web
COPY zhiban zhiban
USER 10001:10001
ENV HOME=/tmp HOST=0.0.0.0 PORT=8080 LOG_FORMAT=json PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
EXPOSE 8080
STOPSIGNAL SIGTERM
# Of the doors; compose.yml says how the other processes are asked.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["/app/.venv/bin/python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:%s/readyz' % os.environ['PORT'], timeout=2)"]
CMD ["/app/.venv/bin/python", "-m", "gateway.doors"]
