#!/bin/sh
# Keeps files that Berth does not use out of packages that are installed from now on. Chrome draws with a software renderer of
# its own, so Mesa's drivers and their compiler are never loaded.
set -eu

cat >/etc/dpkg/dpkg.cfg.d/berth <<'END'
path-exclude=/usr/share/doc/*
path-exclude=/usr/share/info/*
path-exclude=/usr/share/locale/*
path-exclude=/usr/share/man/*
path-include=/usr/share/doc/*/copyright
path-exclude=/usr/lib/*/dri/*
path-exclude=/usr/lib/*/libLLVM*
path-exclude=/usr/lib/*/libgallium*
path-exclude=/usr/lib/*/libz3*
path-exclude=/usr/lib/chromium/libVkLayer_khronos_validation.so*
END
