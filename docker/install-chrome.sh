#!/bin/sh
# Makes sure that there is a Chrome: does nothing if one is found, otherwise installs chromium-headless-shell (Debian or
# Ubuntu with apt, as root), or says what to do. Waits for another one that does.
set -eu

if command -v flock >/dev/null; then
  exec 9<"$0"
  flock 9
fi

for candidate in "${BERTH_CHROME_PATH:-}" /usr/lib/chromium/chromium-headless-shell \
    chromium-headless-shell chrome-headless-shell chromium google-chrome; do
  if [ -n "$candidate" ] && command -v "$candidate" >/dev/null; then
    exit 0
  fi
done

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  cat >&2 <<'END'
No Chrome was found, and this script can't install one (it needs apt and root). Install one of chromium-headless-shell, chromium or
google-chrome (Debian: sudo apt-get install chromium-headless-shell), or set BERTH_CHROME_PATH to a Chrome that you have.
END
  exit 1
fi

echo "Chrome: installing chromium-headless-shell"
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# The noto fonts are for Chinese, Japanese, Korean, Hindi and emoji: without them screenshots show empty boxes.
apt-get install -q -y --no-install-recommends chromium-headless-shell fonts-liberation \
  fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji
