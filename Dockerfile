# One image with both environments. Build: docker build --build-arg TORCH_INDEX_URL=<index with PyTorch's CPU builds> .
FROM python:3.10-slim-bookworm AS python310

FROM python:3.11-slim-bookworm AS python
# Rasa needs exactly 3.10; both interpreters live side by side under /usr/local.
COPY --from=python310 /usr/local/bin/python3.10 /usr/local/bin/python3.10
COPY --from=python310 /usr/local/lib/libpython3.10.so.1.0 /usr/local/lib/libpython3.10.so.1.0
COPY --from=python310 /usr/local/lib/python3.10 /usr/local/lib/python3.10
RUN ldconfig
WORKDIR /app

FROM python AS build
ARG TORCH_INDEX_URL=
COPY requirements requirements
COPY scripts scripts
# Bytecode now: the user that runs the product may not write here.
RUN python3.11 scripts/setup.py && .venv/bin/python -m compileall -q -j 0 .venv && .venv-rasa/bin/python -m compileall -q -j 0 .venv-rasa
COPY config.yml endpoints.yml credentials.yml pyproject.toml LICENSE NOTICE README.md ./
COPY actions actions
COPY bot bot
COPY desk desk
COPY examples examples
COPY gateway gateway
COPY knowledge_base knowledge_base
COPY office office
COPY reading reading
COPY web web
COPY zhiban zhiban
RUN DATA_DIR=/tmp/train .venv/bin/zhiban train && rm -rf /tmp/train

FROM python
RUN useradd --uid 10001 --home-dir /data zhiban && install -d -o zhiban -g zhiban -m 700 /data
COPY --from=build --chown=zhiban:zhiban /app /app
USER zhiban
ENV DATA_DIR=/data HOST=0.0.0.0 PORT=8080 LOG_FORMAT=json PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=90s --retries=3 \
    CMD ["/app/.venv/bin/python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:%s/readyz' % os.environ['PORT'], timeout=2)"]
CMD ["/app/.venv/bin/zhiban", "run"]
