# What is deployed from files: part of run.

if wanted compose; then
  export BERTH_POSTGRES_PASSWORD=trial$RANDOM$RANDOM BERTH_S3_SECRET_KEY=trial$RANDOM$RANDOM
  export BERTH_TRIAL_PORT=$port BERTH_TRIAL_S3_PORT=$((port + 1))
  store=MinIO
  minio=$(docker compose "${files[@]}" config --images | grep minio)
  if ! docker image inspect "$minio" >/dev/null 2>&1 && ! docker pull -q "$minio" >/dev/null 2>&1; then
    store="the jar's S3 server in place of MinIO, whose image can't be had here"
    # shellcheck disable=SC2086
    docker build ${BUILD_OPTIONS:-} -q --target build -f "$project/docker/Dockerfile" -t "$id-build" "$project" >/dev/null
    files+=(-f "$here/s3-stand-in.yaml")
  fi
  if docker compose -p "$id" "${files[@]}" up -d --wait --wait-timeout 120 >"$work/compose.log" 2>&1 && wrong=$(session); then
    docker compose -p "$id" "${files[@]}" restart berth >"$work/compose.log" 2>&1
    docker compose -p "$id" "${files[@]}" up -d --wait >>"$work/compose.log" 2>&1
    wrong=$(session) && pass "Berth, Postgres, $store" || fail "after a restart: $wrong"
  else
    fail "${wrong:-$(tail -3 "$work/compose.log")}"
  fi
  docker compose -p "$id" "${files[@]}" down -v >"$work/compose.log" 2>&1
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
