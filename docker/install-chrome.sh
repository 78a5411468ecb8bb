#!/bin/sh
# Makes sure that there is a Chrome: does nothing if one is found, otherwise installs chromium-headless-shell (Debian or
# Ubuntu with apt, as root), or says what to do. Waits for another one that does.
#     install-chrome.sh [--with-chrome] [--with-webdriver|--try-webdriver]
# As root on Debian or Ubuntu it also installs nftables, which holds the addresses that Chromes reach: see src/docs/isolation.md.
# --with-chrome also installs full Chromium, and the X server of headful ones: see src/docs/browsers.md.
# --with-webdriver also installs Debian's chromedriver of the same version, which is optional: see src/docs/webdriver.md. With
# --try-webdriver, as in the build, the script goes on where chromedriver can't be had.
set -eu

# The package wants all of Chromium, of which chromedriver needs nothing: the program alone is taken from it.
install_driver() {
  driver=/usr/lib/chromium/chromedriver
  if [ -x "$driver" ] || command -v chromedriver >/dev/null; then
    return
  fi
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "No chromedriver was found, and this script can't install one (it needs apt and root): install chromium-driver" >&2
    exit 1
  fi
  echo "chromedriver: installing it from chromium-driver"
  apt-get update -q
  # Beside the libraries that the headless shell has already.
  apt-get install -q -y --no-install-recommends util-linux perl-base libxcb1 libminizip1t64 libnss3 libglib2.0-0t64
  folder=$(mktemp -d)
  chmod 755 "$folder"
  version=$(dpkg-query -f '${Version}' -W chromium-headless-shell 2>/dev/null || true)
  (cd "$folder" && apt-get download -q "chromium-driver${version:+=$version}" && dpkg-deb -x chromium-driver_*.deb files)
  install -D -m 755 "$folder/files$driver" "$driver"
  rm -r "$folder"
}

# A server that is not root can't use it, and one without it says so.
install_nft() {
  if [ "$(id -u)" != 0 ] || command -v nft >/dev/null || ! command -v apt-get >/dev/null; then
    return
  fi
  echo "nftables: installing it"
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends nftables
}

install_full() {
  if { [ -x /usr/lib/chromium/chromium ] || command -v google-chrome >/dev/null; } && command -v Xvfb >/dev/null; then
    return
  fi
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Full Chrome or Xvfb was not found, and this script can't install them (it needs apt and root): install chromium and xvfb" >&2
    exit 1
  fi
  echo "Chrome: installing chromium and xvfb"
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium xvfb
}

more() {
  (install_nft) || echo "nftables: not installed; the protection addresses will be off" >&2
  for option in "$@"; do
    case "$option" in
      --with-chrome) install_full ;;
      --with-webdriver) install_driver ;;
      --try-webdriver) (install_driver) || echo "chromedriver: not installed; WebDriver is not tried" >&2 ;;
      *) echo "$0: unknown option $option" >&2; exit 2 ;;
    esac
  done
}

if command -v flock >/dev/null; then
  exec 9<"$0"
  flock 9
fi

for candidate in "${BERTH_CHROME_PATH:-}" /usr/lib/chromium/chromium-headless-shell \
    chromium-headless-shell chrome-headless-shell chromium google-chrome; do
  if [ -n "$candidate" ] && command -v "$candidate" >/dev/null; then
    more "$@"
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
more "$@"
