# One image for the web, the workers and the beat: hashed requirements, no compiler, nobody is root.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/glabella
WORKDIR /src
COPY requirements/base.txt requirements/
RUN /opt/glabella/bin/pip install --no-deps --require-hashes -r requirements/base.txt
COPY pyproject.toml README.md LICENSE ./
COPY crawler crawler
COPY classifier classifier
COPY digest digest
COPY desk desk
RUN /opt/glabella/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin glabella \
 && install --directory --owner glabella --group glabella /var/lib/glabella
COPY --from=build /opt/glabella /opt/glabella
ENV PATH=/opt/glabella/bin:$PATH PYTHONUNBUFFERED=1 OMP_NUM_THREADS=1 GLABELLA_HOME=/var/lib/glabella
WORKDIR /var/lib/glabella
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/healthz', timeout=8)"]
CMD ["glabella", "serve", "--host", "0.0.0.0"]
