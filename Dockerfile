# The bot as a small image: built in one stage, run in another without compilers or pip's
# leavings, as a user who may write to /data alone.

FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/studybot
COPY pyproject.toml README.md constraints.txt ./
COPY bot ./bot
RUN /opt/studybot/bin/pip install --no-cache-dir --disable-pip-version-check \
        -c constraints.txt '.[postgresql,pictures]' \
    && /opt/studybot/bin/pip uninstall --yes --quiet pip

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin studybot \
    && install -d -o studybot -g studybot /data
COPY --from=build /opt/studybot /opt/studybot
WORKDIR /app
COPY config ./config
COPY corpus ./corpus
ENV PATH=/opt/studybot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STUDYBOT_HOME=/app \
    STUDYBOT_DATA_DIR=/data \
    STUDYBOT_LISTEN__HOST=0.0.0.0 \
    STUDYBOT_LISTEN__PORT=8080
USER 10001
VOLUME /data
EXPOSE 8080
# Ready and not behind: the listener answers, and no push is late.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["studybot"]
CMD ["run"]
