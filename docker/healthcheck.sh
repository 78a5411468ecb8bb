#!/bin/bash
# Whether the server lives. The image has no client that speaks TLS: a server with TLS closes a connection in plain HTTP, one that
# hangs does not.
exec 3<>"/dev/tcp/$BERTH_HTTP_HOST/${BERTH_HTTP_PORT:-8080}" || exit 1
printf 'GET /health/live HTTP/1.0\r\n\r\n' >&3
read -r -t 4 _ code _ <&3
ended=$?
if [ -n "${BERTH_HTTP_TLS_CERT:-}" ]; then
  # More than 128 is a time-out.
  [ "$ended" -le 128 ]
else
  [ "$code" = 200 ]
fi
