# The image of every Tocsin service: `docker build -t tocsin .`, or by `docker compose`, which says how each is run.
# What is installed comes from the lock files, each file checked against its hash.

FROM python:3.11.14-slim-bookworm AS base
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore

FROM base AS wheel
WORKDIR /build
COPY requirements.lock .
RUN pip install --quiet --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY schemas schemas
COPY services services
RUN pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

FROM base AS installed
RUN python -m venv /opt/venv
COPY requirements.runtime.lock .
RUN /opt/venv/bin/pip install --quiet --require-hashes -r requirements.runtime.lock
COPY --from=wheel /build/dist dist
RUN /opt/venv/bin/pip install --quiet --no-deps dist/*.whl && /opt/venv/bin/pip uninstall --quiet --yes pip setuptools

FROM base
RUN groupadd --gid 10001 tocsin \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/tocsin --shell /usr/sbin/nologin tocsin \
    && install --directory --owner=tocsin --group=tocsin --mode=0750 /var/lib/tocsin
COPY --from=installed /opt/venv /opt/venv
COPY tools/readiness.py /opt/readiness.py
COPY rules /etc/tocsin/rules
# TMPDIR is a tmpfs in docker-compose.yml: there the rest of the file system is read-only.
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    TOCSIN_LOG=json \
    TOCSIN_RULES=/etc/tocsin/rules \
    TOCSIN_STATE=/var/lib/tocsin/state \
    TOCSIN_STORE=sqlite:////var/lib/tocsin/alerter.db
WORKDIR /var/lib/tocsin
# By number, so that a cluster can tell that it is not root.
USER 10001:10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["tocsin"]
CMD ["--help"]
