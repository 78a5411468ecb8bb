# The image with full Chrome, as src/docs/browsers.md builds it: part of run.

if wanted chrome || wanted chrome-all || wanted chrome-root; then
  trial=chrome-build
  image=$id-chrome
  # shellcheck disable=SC2086
  docker build ${BUILD_OPTIONS:-} -q -f "$project/docker/Dockerfile" --build-arg BROWSERS=--with-chrome -t "$image" "$project" >/dev/null ||
    fail "the image with full Chrome can't be built"
  works chrome 'full Chrome, headless and headful, and its policy' full_chrome $seccomp
  works chrome-all 'the same with the most confined container' full_chrome $seccomp --user 1234:1234 --read-only --tmpfs /tmp --cap-drop=ALL --security-opt no-new-privileges
  works chrome-root 'the same with a user id for each Chrome' full_chrome $seccomp --user 0
  image=$id
fi
