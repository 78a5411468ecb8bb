#!/bin/sh
# Starts Berth, or one of its commands: docker exec CONTAINER /opt/berth/entrypoint.sh key
set -eu

# Postgres is made by a user who has a name. One that is only a number (docker run --user 1234) gets one here.
if ! getent passwd "$(id -u)" >/dev/null; then
  passwd=$(mktemp) || {
    echo "Berth can't start: user id $(id -u) has no name, and a file that names it can't be written: add --tmpfs /tmp"
    exit 1
  }
  sed "\$a berth-user:x:$(id -u):$(id -g)::/:/usr/sbin/nologin" /etc/passwd >"$passwd"
  export LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD="$passwd" NSS_WRAPPER_GROUP=/etc/group
fi
exec java @/opt/berth/config/jvm.options -XX:SharedArchiveFile=/opt/berth/berth.jsa -Djava.library.path=/opt/berth/lib \
  -jar /opt/berth/berth.jar "$@"
