#!/bin/sh
# Sees to it that there is a Chrome: does nothing where one is found, installs chromium-headless-shell where it can
# (Debian or Ubuntu with apt, as root), and says what to do where it can't.
set -eu

for candidate in "${BERTH_CHROME_PATH:-}" /usr/lib/chromium/chromium-headless-shell \
    chromium-headless-shell chrome-headless-shell chromium google-chrome; do
  if [ -n "$candidate" ] && found=$(command -v "$candidate"); then
    echo "Chrome: $found"
    exit 0
  fi
done

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  cat >&2 <<'END'
No Chrome was found, and it can't be installed from here. Install one of chromium-headless-shell, chromium or
google-chrome (Debian: sudo apt-get install chromium-headless-shell), or set BERTH_CHROME_PATH to a Chrome that you have.
END
  exit 1
fi

echo "Chrome: installing chromium-headless-shell"
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# Without the last three, Chinese, Japanese, Korean, Hindi and emoji are empty boxes in pictures.
apt-get install -q -y --no-install-recommends chromium-headless-shell fonts-liberation \
  fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji
