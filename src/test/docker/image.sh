# The image itself: part of run.

trial=build
# shellcheck disable=SC2086
started=$SECONDS
docker build ${BUILD_OPTIONS:-} -q -f "$project/docker/Dockerfile" -t "$id" "$project" >/dev/null || { fail "the image can't be built"; exit 1; }
pass "in $((SECONDS - started)) s"

if wanted rebuild; then
  # Another source, the same pom.xml.
  mkdir -p "$work/source/docker"
  cp -r "$project"/{.mvn,.dockerignore,mvnw,pom.xml,config} "$work/source"
  cp "$project"/docker/* "$work/source/docker"
  mkdir "$work/source/src" && cp -r "$project"/src/{main,docs} "$work/source/src"
  echo "// changed for $id" >>"$work/source/src/main/java/dev/berth/Main.java"
  started=$SECONDS
  # shellcheck disable=SC2086
  docker build ${BUILD_OPTIONS:-} --progress=plain --target build -f "$work/source/docker/Dockerfile" "$work/source" >"$work/rebuild.log" 2>&1 ||
    fail "$(tail -3 "$work/rebuild.log")"
  if [ "$(grep -c '^#[0-9]* CACHED' "$work/rebuild.log")" -ge 6 ] && ! grep -qi download "$work/rebuild.log"; then
    pass "after a change of the source in $((SECONDS - started)) s, with nothing downloaded"
  else
    fail "downloads again after a change of the source"
  fi
fi

if wanted size; then
  base=$(docker image inspect -f '{{.Size}}' debian:trixie-slim)
  own=$((($(docker image inspect -f '{{.Size}}' "$id") - base) / 1000000))
  packed=$(($(docker save "$id" | gzip -1 | wc -c) / 1000000))
  [ "$own" -le "$max_mb" ] && pass "$own MB beside Debian's $((base / 1000000)); both are some $packed MB when compressed" || fail "$own MB: more than $max_mb"
fi
