# What is deployed from files: part of run.

compose() { docker compose -p "$id" "${files[@]}" "$@"; }

# image NAME FALLBACK: sets $image to NAME if that can be had, else builds FALLBACK from Debian's packages, and says so.
image() {
  image=$1
  docker image inspect "$1" >/dev/null 2>&1 || docker pull -q "$1" >/dev/null 2>&1 && return
  image=$id-${1%%[:/]*}
  stand_ins="$stand_ins; Debian's ${1%%[:/]*} in place of $1"
  # shellcheck disable=SC2086
  printf 'FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y --no-install-recommends %s\n%s\n' "$2" "$3" |
    docker build ${BUILD_OPTIONS:-} -q -t "$image" - >/dev/null
}

# Adds a stand-in to $files where MinIO's image can't be had.
object_store() {
  local minio
  minio=$(compose config --images | grep minio)
  docker image inspect "$minio" >/dev/null 2>&1 || docker pull -q "$minio" >/dev/null 2>&1 && return
  stand_ins="$stand_ins; the S3 server of Berth's jar in place of MinIO"
  # shellcheck disable=SC2086
  docker build ${BUILD_OPTIONS:-} -q --target build -f "$project/docker/Dockerfile" -t "$id-build" "$project" >/dev/null
  files+=(-f "$here/s3-stand-in.yaml")
}

export BERTH_POSTGRES_PASSWORD=trial$RANDOM$RANDOM BERTH_S3_SECRET_KEY=trial$RANDOM$RANDOM BERTH_CLUSTER_SECRET=trial$RANDOM$RANDOM$RANDOM$RANDOM
export BERTH_TRIAL_PORT=$port BERTH_TRIAL_S3_PORT=$((port + 1)) BERTH_TRIAL_METRICS_PORT=$((port + 2))

if wanted compose; then
  stand_ins=
  files=(-f "$project/docker/compose.yaml" -f "$here/trial.yaml")
  object_store
  if compose up -d --wait --wait-timeout 120 >"$work/compose.log" 2>&1 && wrong=$(session); then
    compose restart berth >"$work/compose.log" 2>&1
    compose up -d --wait >>"$work/compose.log" 2>&1
    wrong=$(session) && pass "Berth, Postgres, MinIO$stand_ins" || fail "after a restart: $wrong"
  else
    fail "${wrong:-$(tail -3 "$work/compose.log")}"
  fi
  compose down -v >"$work/compose.log" 2>&1
fi

# metrics PATH: asks Prometheus.
metrics() { curl -s "http://127.0.0.1:$BERTH_TRIAL_METRICS_PORT/api/v1/$1"; }

has_metrics() {
  metrics 'query?query=berth_sessions_capacity' | jq -e ".data.result[] | select(.metric.instance == \"$1:8080\")" >/dev/null 2>&1
}

# Prints what is wrong with two nodes of which one is killed.
kill_a_node() {
  local node path code answer=
  for node in berth berth-2; do
    # Prometheus starts beside the nodes, and scrapes them every 5 s: no service waits for its first scrape.
    for _ in $(seq 60); do
      has_metrics "$node" && continue 2
      sleep 0.5
    done
    echo "Prometheus has no metrics of $node after 30 s: $(metrics targets | jq -c '[.data.activeTargets[] | {scrapeUrl, health, lastError}]')"
  done
  # The balancer takes turns: each node is asked, also for the session of the other.
  path=/api/sessions/$(call "$url/api/sessions?wait=running" -d '{}' | jq -r .sessionId)
  for _ in 1 2 3 4; do
    code=$(call -o /dev/null -w '%{http_code}' "$url$path/evaluate" -d '{"expression":"1+1"}')
    [ "$code" = 200 ] || echo "a node answered $code for a session of the other"
  done
  node=$(owner "$path")
  docker kill -s KILL "$node" >/dev/null || { echo "the node of the session can't be killed: '$node', $(call "$url$path")"; return; }
  for _ in $(seq 60); do
    answer=$(call "$url$path" | jq -r '.error.message // "\(.status) \(.endReason)"')
    [ "$answer" = 'failed node_lost' ] && break
    sleep 0.5
  done
  [ "$answer" = "failed node_lost" ] || echo "30 s after the end of its node, the session is $answer"
  session
}

# The container whose node has a session.
owner() {
  local machine container
  machine=$(call "$url$1" | jq -r .machineId)
  for container in "$id-berth-1" "$id-berth-2-1"; do
    [ "$(docker exec "$container" cat /var/lib/berth/data/machine-id)" = "$machine" ] && echo "$container"
  done
}

if wanted cluster; then
  stand_ins=
  image nginx:1.26 nginx-light 'CMD ["nginx", "-g", "daemon off;"]'
  export NGINX_IMAGE=$image
  image prom/prometheus:v2.53.3 prometheus 'ENTRYPOINT ["prometheus", "--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/tmp/prometheus"]'
  export PROMETHEUS_IMAGE=$image
  files=(-f "$project/docker/compose.yaml" -f "$project/docker/compose.cluster.yaml" -f "$here/trial.cluster.yaml")
  object_store
  if compose --profile metrics up -d --wait --wait-timeout 180 >"$work/compose.log" 2>&1 && wrong=$(session); then
    wrong=$(kill_a_node)
    [ -z "$wrong" ] && pass "two nodes, nginx, Prometheus; one node is killed$stand_ins" || fail "$wrong"
  else
    fail "${wrong:-$(tail -3 "$work/compose.log")}"
  fi
  compose --profile metrics down -v >"$work/compose.log" 2>&1
fi

if wanted kubernetes; then
  cp "$here/package.json" "$here/kubernetes.mjs" "$work"
  if (cd "$work" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error >"$work/npm.log" 2>&1); then
    checked=$(cd "$work" && node kubernetes.mjs "$project/docker/kubernetes.yaml" "$work") && pass "by Kubernetes's schema: $checked" || fail "$checked"
  else
    fail "no check without npm: $(tail -1 "$work/npm.log")"
  fi
fi

trial=left
left="$(docker ps -aq --filter "label=$id") $(docker ps -aq --filter "label=com.docker.compose.project=$id")"
left="$left $(docker network ls -q --filter "label=com.docker.compose.project=$id") $(docker volume ls -q --filter "label=com.docker.compose.project=$id")"
[ -z "${left// /}" ] && pass 'nothing' || fail "$left"
