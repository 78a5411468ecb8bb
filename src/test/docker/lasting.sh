# What lasts: data after a kill, and what clients do. Part of run.

if wanted kill; then
  docker volume create --label "$id" "$id" >/dev/null
  # shellcheck disable=SC2086
  if up $seccomp -v "$id:/var/lib/berth" && wrong=$(LEAVE=1 session); then
    node=$(call "$url/health/ready" | jq -r .machineId)
    read -r path link <"$work/last"
    docker kill -s KILL "$id" >/dev/null
    docker start "$id" >/dev/null
    await_health "$id"
    wrong=$(
      [ "$(call "$url/health/ready" | jq -r .machineId)" = "$node" ] || echo "it has another machineId. $(reason)"
      [ "$(call "$url$path" | jq -r '"\(.endReason) \(.screenshotCount)"')" = 'node_lost 1' ] || echo "of the killed session: $(call "$url$path")"
      [ "$(curl -s -m 10 "$link" | head -c 4 | tail -c 3)" = PNG ] || echo 'the link from before the kill is of no use'
      docker logs "$id" 2>&1 | grep -q 'Berth is ready at http://127.0.0.1:8080' || echo 'the banner shows another address'
      session
    )
    [ -z "$wrong" ] && pass 'data, machineId, key and links outlive kill -9' || fail "$wrong"
  else
    fail "${wrong:-$(reason)}"
  fi
  down >/dev/null
fi

if wanted puppeteer; then
  # On the host's network, where the pages of the trials are.
  # shellcheck disable=SC2086
  if docker run -d --name "$id" --label "$id" --shm-size 1g --network=host $seccomp -e BERTH_API_KEY -e BERTH_HTTP_HOST=127.0.0.1 \
    -e BERTH_HTTP_PORT="$port" "$id" >/dev/null && await_health "$id"; then
    BERTH_URL=$url BERTH_KEY=$BERTH_API_KEY "$project/src/test/clients/run" puppeteer >"$work/puppeteer.log" 2>&1 &&
      pass "$(tail -1 "$work/puppeteer.log")" || fail "$(grep -v '^ok' "$work/puppeteer.log" | head -3)"
  else
    fail "did not become ready: $(reason)"
  fi
  down >/dev/null
fi

if wanted drain; then
  # shellcheck disable=SC2086
  if up $seccomp -e BERTH_DRAIN_SECONDS=60 && wrong=$(LEAVE=1 session); then
    read -r path _ <"$work/last"
    docker stop -t 90 "$id" >/dev/null &
    stopping=$!
    for _ in $(seq 50); do curl -s -m 5 "$url/health/ready" | grep -q draining && break; sleep 0.1; done
    status=$(call "$url$path" | jq -r .status)
    call -X DELETE "$url$path" >/dev/null
    started=$SECONDS
    wait "$stopping"
    [ "$status" = running ] && [ $((SECONDS - started)) -le 15 ] &&
      pass "after SIGTERM a session goes on; when it has ended, the container stops, in $((SECONDS - started)) s" ||
      fail "its session was $status, and the container stopped after $((SECONDS - started)) s"
  else
    fail "${wrong:-$(reason)}"
  fi
  down >/dev/null
fi
